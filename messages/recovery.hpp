// SPDX-License-Identifier: MIT
#pragma once

#include "messages/ids.hpp"

#include <caf/meta/type_name.hpp>

#include <cstdint>

namespace parlor {

/// Names what was sequenced in a room: no two things ever have the same place.
struct place {
  parlor::epoch epoch;
  uint64_t seq = 0;

  friend auto operator<=>(const place&, const place&) = default;

  template <class Inspector>
  friend typename Inspector::result_type inspect(Inspector& f, place& x) {
    return f(caf::meta::type_name("place"), x.epoch, x.seq);
  }
};

/// What a joiner wants to be told beyond who is in (PROTOCOL §2).
struct join_wishes {
  /// The last thing it knows, to be told what came after; the place that never
  /// was (the default one, and any that a client made up) recovers nothing.
  place since;
  /// So many of the last chats; 0 is none. Wins over `since`.
  uint64_t rewind = 0;
  /// Whether it wants to know the members' presence.
  bool presence = false;

  friend bool operator==(const join_wishes&, const join_wishes&) = default;

  template <class Inspector>
  friend typename Inspector::result_type inspect(Inspector& f, join_wishes& x) {
    return f(caf::meta::type_name("join_wishes"), x.since, x.rewind,
             x.presence);
  }
};

} // namespace parlor
