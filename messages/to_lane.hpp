// SPDX-License-Identifier: MIT
#pragma once

#include "messages/dialect.hpp"
#include "messages/frame.hpp"
#include "messages/ids.hpp"

#include <caf/meta/type_name.hpp>
#include <caf/timespan.hpp>

#include <vector>

namespace parlor {

/// A new member of the lane, and what it hears first.
struct admission {
  connection_id member;
  dialect speaks = dialect::typed;
  std::vector<frame> greeting;
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, admission& x) {
  return f(caf::meta::type_name("admission"), x.member, x.speaks, x.greeting);
}

/// A member less, and what it hears last (empty: nothing).
struct dismissal {
  connection_id member;
  dialect speaks = dialect::typed;
  frame goodbye;
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, dismissal& x) {
  return f(caf::meta::type_name("dismissal"), x.member, x.speaks, x.goodbye);
}

/// One event for all members of the lane.
struct delivery {
  frames what;
  /// Members that are left out; usually none.
  std::vector<connection_id> except;
  /// What these get in its place; empty: nothing.
  frames instead;
  /// Whose message this is, where it is a client's: served once it is out.
  connection_id from;
  /// Whether those are left out for whom something waits already.
  bool fleeting = false;
  /// When the room said it, by the steady clock of this machine; 0 where nobody
  /// wants to know how long it takes.
  caf::timespan said{0};
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, delivery& x) {
  return f(caf::meta::type_name("delivery"), x.what, x.except, x.instead,
           x.from, x.fleeting, x.said);
}

/// What the room says to one member alone.
struct remark {
  connection_id to;
  frame what;
  /// Whether this ends the service of a message of the member's.
  bool served = false;
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, remark& x) {
  return f(caf::meta::type_name("remark"), x.to, x.what, x.served);
}

/// What the registry says to connections of the lane's thread, whether they are
/// members or not.
struct mail {
  std::vector<remark> letters;
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, mail& x) {
  return f(caf::meta::type_name("mail"), x.letters);
}

/// One event for every admitted connection of the lane's thread.
struct announcement {
  frames what;
  std::vector<connection_id> except;
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, announcement& x) {
  return f(caf::meta::type_name("announcement"), x.what, x.except);
}

} // namespace parlor
