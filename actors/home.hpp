// SPDX-License-Identifier: MIT
#pragma once

#include "messages/ids.hpp"

#include <cstdint>

namespace parlor {

/// A room's role where it sequences: the only source of its order. On a single
/// node every room is home; a cluster has rooms that stand by or relay beside
/// it. A pure value.
class home {
public:
  explicit home(parlor::epoch opening) : epoch_{opening} {}

  const parlor::epoch& epoch() const noexcept { return epoch_; }

  /// The number of what was sequenced last; 0 before the first.
  uint64_t seq() const noexcept { return seq_; }

  /// The number of what is sequenced now: 1, 2, 3… without a hole.
  uint64_t next() noexcept { return ++seq_; }

private:
  parlor::epoch epoch_;
  uint64_t seq_ = 0;
};

} // namespace parlor
