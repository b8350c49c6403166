// SPDX-License-Identifier: MIT
#pragma once

#include "messages/ids.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <unordered_map>
#include <utility>

namespace parlor {

/// Empty rooms that stay for the sake of what was said in them, until a time
/// each: the one that would stay for the shortest time is the oldest. A value
/// without a clock.
class vacancies {
public:
  using clock = std::chrono::steady_clock;

  struct vacancy {
    clock::time_point until;
    /// Memory of the room and of what it keeps.
    uint64_t bytes = 0;
  };

  /// A room is empty, or what is known of it has changed.
  void set(const room_name& room, const vacancy& x);

  /// A room is not empty any more, or is gone; nothing where it is not in.
  void erase(const room_name& room);

  /// None where there is none. Valid until the next change.
  const room_name* oldest() const;

  const vacancy& at(const room_name& room) const { return rooms_.at(room); }

  bool empty() const noexcept { return rooms_.empty(); }

  size_t size() const noexcept { return rooms_.size(); }

  /// Memory of all of them.
  uint64_t bytes() const noexcept { return bytes_; }

private:
  std::unordered_map<room_name, vacancy> rooms_;
  std::set<std::pair<clock::time_point, room_name>> order_;
  uint64_t bytes_ = 0;
};

} // namespace parlor
