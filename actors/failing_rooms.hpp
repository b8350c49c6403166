// SPDX-License-Identifier: MIT
#pragma once

#include "messages/ids.hpp"

#include <chrono>
#include <cstddef>
#include <map>
#include <vector>

namespace parlor {

/// Which rooms have failed so often lately that they are not opened again for
/// a while. A pure value: the time is told, never read.
class failing_rooms {
public:
  using clock = std::chrono::steady_clock;

  /// A room has failed.
  void note(const room_name& room, clock::time_point now);

  /// Whether it has failed `max_room_failures` times within
  /// `room_failure_window`.
  bool contains(const room_name& room, clock::time_point now) const;

  /// Rooms that are remembered.
  size_t size() const noexcept { return failures_.size(); }

private:
  /// When each of them has failed, as long as that counts.
  std::map<room_name, std::vector<clock::time_point>> failures_;
};

} // namespace parlor
