// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <optional>

namespace parlor {

/// How long one thing may go on before others have their turn. The clock is read
/// once in many steps, so short work costs no more than counting; after a slice
/// that ran out it is read at each step, until one does not. Not thread-safe.
template <class Clock = std::chrono::steady_clock>
class time_slice {
public:
  /// Steps between two looks at the clock. What is dear counts as several.
  static constexpr unsigned stride = 64;

  explicit time_slice(typename Clock::duration length) noexcept
    : length_{length} {}

  /// Whether there is time for one more step of this weight.
  bool lasts(unsigned weight = 1) noexcept {
    if (over_)
      return false;
    steps_ += weight;
    return steps_ < stride && !strict_ ? true : look();
  }

  /// Whether it ran out.
  bool over() const noexcept { return over_; }

  /// A new one begins with its first look at the clock.
  void renew() noexcept {
    strict_ = over_;
    over_ = false;
    steps_ = 0;
    end_.reset();
  }

private:
  bool look() noexcept {
    steps_ = 0;
    auto now = Clock::now();
    if (!end_)
      end_ = now + length_;
    over_ = now >= *end_;
    return !over_;
  }

  typename Clock::duration length_;
  std::optional<typename Clock::time_point> end_;
  unsigned steps_ = 0;
  bool strict_ = false;
  bool over_ = false;
};

} // namespace parlor
