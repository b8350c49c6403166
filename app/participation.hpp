// SPDX-License-Identifier: MIT
#pragma once

#include "messages/view.hpp"

#include <cstddef>

namespace parlor {

/// Whether this node is to get rooms and users. One that has come in and reaches
/// too few of the others, as with a wrong certificate, would only keep from
/// everybody what it is given: it gives it up until it is linked. Who was linked
/// once stays: what it has would be out of reach. A pure value.
class participation {
public:
  /// This node is in as that stay, with so many others.
  void sit(incarnation self, size_t others) noexcept {
    if (self_ != self)
      was_linked_ = false;
    self_ = self;
    others_ = others;
  }

  /// A link is up.
  void link() noexcept { was_linked_ = true; }

  /// So many of the others could not be linked to for some time.
  void miss(size_t unlinked) noexcept { unlinked_ = unlinked; }

  void drain() noexcept { drains_ = true; }

  member_state wanted() const noexcept {
    auto apart = !was_linked_ && 2 * unlinked_ > others_;
    return drains_ || apart ? member_state::draining : member_state::active;
  }

private:
  incarnation self_;
  size_t others_ = 0;
  size_t unlinked_ = 0;
  bool was_linked_ = false;
  bool drains_ = false;
};

} // namespace parlor
