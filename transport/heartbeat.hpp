// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace parlor::transport {

/// When to ping one peer, how long it took to answer, and whether it has been
/// silent for too long. A value without a clock. Not thread-safe.
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
  void heard(time_point now) noexcept { heard_at_ = now; }

  bool ping_due(time_point now) const noexcept {
    return now >= pinged_at_ + interval_;
  }

  bool silent(time_point now) const noexcept {
    return now >= heard_at_ + timeout_;
  }

  /// A ping frame of now (RFC 6455 §5.5.2), to be sent. Its payload is the
  /// time, so that an answer which nobody asked for is recognised.
  std::string ping(time_point now);

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
};

} // namespace parlor::transport
