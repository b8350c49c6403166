// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace parlor::transport {

/// When to ping one peer, how long it took to answer, and whether it has been
/// silent for too long. A peer cannot answer a ping before it has taken what was
/// sent ahead of it: until then, taking that is life. A value without a clock.
/// Not thread-safe.
class heartbeat {
public:
  using time_point = std::chrono::steady_clock::time_point;
  using duration = std::chrono::nanoseconds;

  heartbeat(duration interval, duration timeout)
    : interval_{interval}, timeout_{timeout} {}

  /// The peer is there: counts from here.
  void start(time_point now) noexcept {
    heard_at_ = now;
    pinged_at_ = now;
  }

  /// Something came from the peer, or may come only from now on.
  void heard(time_point now) noexcept {
    heard_at_ = now;
    awaits_ = false;
  }

  /// The peer has taken all that was sent up to there.
  void taken(uint64_t upto, time_point now) noexcept;

  /// Nobody was listened to for so long.
  void excuse(duration pause, time_point now) noexcept {
    heard_at_ = std::min(heard_at_ + pause, now);
  }

  bool ping_due(time_point now) const noexcept {
    return now >= pinged_at_ + interval_;
  }

  bool silent(time_point now) const noexcept {
    return now >= heard_at_ + timeout_;
  }

  /// A ping frame of now (RFC 6455 §5.5.2), to be sent: `at` is where in all that
  /// is sent it begins. Its payload is the time, so that an answer which nobody
  /// asked for is recognised.
  std::string ping(time_point now, uint64_t at = 0);

  /// A pong with this payload came.
  void pong(std::string_view payload, time_point now);

  /// Between the last ping that was answered and its pong.
  std::optional<std::chrono::microseconds> round_trip() const noexcept {
    return round_trip_;
  }

  /// When one of `ping_due` and `silent` turns true; `reading` says whether
  /// silence is the peer's.
  time_point due(bool reading) const noexcept {
    auto ping = pinged_at_ + interval_;
    return reading ? std::min(ping, heard_at_ + timeout_) : ping;
  }

private:
  duration interval_;
  duration timeout_;
  time_point heard_at_{};
  time_point pinged_at_{};
  std::optional<std::chrono::microseconds> round_trip_;
  /// Where the first ping begins that is not answered, where there is one.
  uint64_t awaited_ = 0;
  bool awaits_ = false;
  /// What the peer had taken, and when that was looked at.
  uint64_t taken_ = 0;
  time_point looked_at_{};
};

} // namespace parlor::transport
