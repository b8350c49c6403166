// SPDX-License-Identifier: MIT
#pragma once

#include "messages/ids.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace parlor::transport {

/// All deadlines of one I/O thread: who is to be looked at in which tick.
/// Nothing is ever taken out; who is visited says whether and when it wants
/// to be visited again, and recognises a visit that is stale. Has no clock.
/// Not thread-safe.
class timer_wheel {
public:
  /// Ticks since the owner's beginning of time.
  using tick = uint64_t;

  /// One promised visit.
  struct visit {
    connection_id who;
    tick due = 0;
  };

  /// Promises a visit at `due`; what is due already comes with the next tick.
  void schedule(connection_id who, tick due) {
    auto at = due > now_ ? due : now_ + 1;
    spokes_[at % spokes].push_back({who, due});
    ++size_;
  }

  /// Turns to `now` and calls `f` with each visit that has become due. `f` may
  /// schedule.
  template <class F>
  void advance(tick now, F f) {
    // After a long pause one round sees every spoke.
    if (now > now_ + spokes)
      now_ = now - spokes;
    while (now_ < now) {
      ++now_;
      turn_spoke(now, f);
    }
  }

  /// Visits that are promised.
  size_t size() const noexcept { return size_; }

private:
  static constexpr size_t spokes = 256;

  template <class F>
  void turn_spoke(tick now, F& f) {
    auto& spoke = spokes_[now_ % spokes];
    if (spoke.empty())
      return;
    auto seen = std::exchange(spoke, {});
    for (auto& x : seen) {
      if (x.due > now) {
        spoke.push_back(x);
      } else {
        --size_;
        f(x);
      }
    }
    if (spoke.empty()) {
      seen.clear();
      spoke.swap(seen);
    }
  }

  std::array<std::vector<visit>, spokes> spokes_;
  tick now_ = 0;
  size_t size_ = 0;
};

} // namespace parlor::transport
