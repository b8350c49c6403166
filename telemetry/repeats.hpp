// SPDX-License-Identifier: MIT
#pragma once

#include "telemetry/log.hpp"

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <string_view>
#include <vector>

namespace parlor::log {

/// Lines of one event that are written within a period.
inline constexpr uint32_t most_repeats = 50;

/// Which events have repeated too often, and how many of their lines were left
/// out for it. Every line is either admitted or counted, whatever the threads
/// do. Thread-safe and without a lock: a line that is left out costs the search
/// of its event and one addition.
class repeats {
public:
  using time_point = std::chrono::steady_clock::time_point;

  /// Events that are watched. There are at most half as many in the code, as a
  /// test checks; what finds no place is admitted always.
  static constexpr size_t places = 128;

  struct left_out {
    std::string_view event;
    level severity;
    uint64_t lines;
  };

  explicit repeats(std::chrono::seconds period) : period_{period} {}

  /// Whether this line is to be written. `event` outlives this object, as
  /// literals do.
  bool admit(level severity, std::string_view event, time_point now) noexcept;

  /// What was left out since the last call.
  std::vector<left_out> take();

private:
  struct place {
    std::atomic<bool> claimed = false;
    /// Null until the two below are there.
    std::atomic<const char*> event = nullptr;
    size_t size = 0;
    level severity = level::info;
    /// The number of the period, and in the lower half the lines admitted in it.
    std::atomic<uint64_t> admitted = 0;
    std::atomic<uint64_t> left_out = 0;

    std::string_view name() const noexcept;
    bool admit(uint32_t period) noexcept;
  };

  place* find(level severity, std::string_view event) noexcept;

  std::chrono::seconds period_;
  std::array<place, places> places_;
};

} // namespace parlor::log
