// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>

namespace parlor::transport {

/// What one read of a socket brought, and what is to be expected of the next.
struct intake {
  enum class state : uint8_t {
    /// There may be more.
    more,
    /// The kernel had no more; what comes is told anew, but for the end.
    emptied,
    /// The kernel had nothing.
    dry,
    /// The peer has said that nothing follows.
    ended,
    /// Nothing can be read any more.
    broken,
  };

  size_t bytes = 0;
  state then = state::dry;

  /// Whether to read on untold; `ends` where the end is known to be there.
  bool goes_on(bool ends) const noexcept {
    return then == state::more || (then == state::emptied && ends);
  }
};

} // namespace parlor::transport
