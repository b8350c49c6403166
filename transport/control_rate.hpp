// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <chrono>

namespace parlor::transport {

/// Whether a peer sends more frames that say nothing (pings, pongs, empty
/// fragments) than anybody needs. They are in no rate of messages, and cost as
/// much. A value without a clock.
class control_rate {
public:
  using time_point = std::chrono::steady_clock::time_point;

  /// Counts so many more of now; false where that is too many.
  bool allows(unsigned many, time_point now) noexcept {
    free_at_ = std::max(free_at_, now) + many * interval;
    return free_at_ - now <= most * interval;
  }

  /// How many may come at once.
  static constexpr int most = 10000;

  /// What each of them takes of that, and is given back in the course of time.
  static constexpr std::chrono::milliseconds interval{1};

private:
  /// When all would be forgotten that came.
  time_point free_at_{};
};

} // namespace parlor::transport
