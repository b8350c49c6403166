// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>
#include <vector>

namespace parlor {

/// Counts the malformed frames of one connection within `abuse_window`. A pure
/// value: the time is told, never read.
class error_budget {
public:
  using clock = std::chrono::steady_clock;

  /// `most` of 0 is no limit.
  explicit error_budget(uint32_t most) : most_{most} {}

  /// One more error; false where it is one too many and the connection is to
  /// close with 1008.
  bool spend(clock::time_point now);

private:
  uint32_t most_;
  /// When the errors of the window came: at most `most_` + 1.
  std::vector<clock::time_point> spent_;
};

} // namespace parlor
