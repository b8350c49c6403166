// SPDX-License-Identifier: MIT
#pragma once

#include "messages/view.hpp"

#include <cstddef>

namespace parlor {

/// Of the other nodes: how many there are, to how many there is a link, how many
/// could not be linked to for some time, and how many of these drain.
struct reach {
  size_t others = 0;
  size_t linked = 0;
  size_t missed = 0;
  size_t missed_draining = 0;
};

/// Whether this node is to get rooms and users. One that has come in and reaches
/// too few of the others, as with a wrong certificate, would only keep from
/// everybody what it is given: it gives it up until it is linked. Who was linked
/// to half of them once stays: what it has would be out of reach. Fewer are not
/// enough, since nodes of another cluster reach each other. A pure value.
class participation {
public:
  /// This node is in as that stay, and reaches so many.
  void sit(incarnation self, reach now) noexcept {
    if (self_ != self)
      was_linked_ = is_apart_ = false;
    self_ = self;
    reach_ = now;
    if (now.linked > 0 && 2 * now.linked >= now.others)
      was_linked_ = true;
    if (was_linked_ || now.others == 0)
      is_apart_ = false;
    else if (2 * now.missed > now.others)
      is_apart_ = true;
  }

  void drain() noexcept { drains_ = true; }

  member_state wanted() const noexcept {
    return drains_ || is_apart_ ? member_state::draining : member_state::active;
  }

  /// Whether it is in, and is told by all others of the rooms that they have. Who
  /// drains since nobody can link to it has none that it was given; who drains to
  /// end waits itself until others have what it has.
  bool reaches_all() const noexcept {
    return self_ && !is_apart_
           && reach_.linked + reach_.missed_draining == reach_.others;
  }

private:
  incarnation self_;
  reach reach_;
  bool was_linked_ = false;
  /// It reached too few. One of the others that is started anew may yet be linked,
  /// which is not enough to be given rooms again.
  bool is_apart_ = false;
  bool drains_ = false;
};

} // namespace parlor
