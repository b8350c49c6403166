// SPDX-License-Identifier: MIT
#pragma once

#include "messages/ids.hpp"

#include <cstdint>

namespace parlor {

/// Where a room's order is: the epoch, and the number of what was said last. On
/// a single node the room numbers by itself; in a cluster its home does, and
/// `shared_order` says how far that is. A pure value.
class home {
public:
  explicit home(parlor::epoch opening) : epoch_{opening} {}

  const parlor::epoch& epoch() const noexcept { return epoch_; }

  /// The number of what was sequenced last; 0 before the first.
  uint64_t seq() const noexcept { return seq_; }

  /// The number of what is sequenced now: 1, 2, 3… without a hole.
  uint64_t next() noexcept { return ++seq_; }

  /// The order goes on behind this number.
  void go_on(uint64_t seq) noexcept { seq_ = seq; }

  /// It goes on in another epoch.
  void open(const parlor::epoch& in) noexcept { epoch_ = in; }

private:
  parlor::epoch epoch_;
  uint64_t seq_ = 0;
};

} // namespace parlor
