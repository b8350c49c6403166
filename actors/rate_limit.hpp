// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>

namespace parlor {

/// A token bucket for the messages of one connection, which also notices those
/// who do not slow down. A pure value: the time is told, never read.
class rate_limit {
public:
  using clock = std::chrono::steady_clock;

  enum class verdict {
    /// The message may pass.
    pass,
    /// It may not (`rate_limited`).
    refuse,
    /// It may not, and this has gone on for `abuse_window` without pause: the
    /// connection is to close with 4006.
    hang_up,
  };

  /// `per_second` of 0 lets everything pass.
  rate_limit(uint32_t per_second, uint32_t burst)
    : per_second_{per_second}, burst_{burst}, tokens_{double(burst)} {}

  verdict judge(clock::time_point now);

  /// How long until a message may pass again, at the last judgement's time.
  std::chrono::milliseconds retry_after() const;

private:
  /// Refusals that are further apart than this are not "without pause".
  static constexpr std::chrono::seconds pause{1};

  uint32_t per_second_;
  uint32_t burst_;
  double tokens_;
  clock::time_point last_{};
  clock::time_point first_refusal_{};
  clock::time_point last_refusal_{};
};

} // namespace parlor
