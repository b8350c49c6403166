// SPDX-License-Identifier: MIT
#pragma once

#include "tests/bench/wsload/generator.hpp"

#include <cstdint>

namespace parlor::bench::wsload {

/// A run of fanout or pingpong, but for what `state` holds.
struct traffic_result {
  double open_seconds = 0;
  /// Around the time that is measured.
  snapshot begin;
  snapshot end;
  /// KiB.
  uint64_t resident_before = 0;
  uint64_t resident_after = 0;
  /// Deliveries that all that was published makes.
  uint64_t expected = 0;
  double drain_seconds = 0;
  uint64_t lost_tail = 0;
};

/// Prints the JSON line, and for people a text to stderr.
void report_traffic(const generator& g, const traffic_result& result);

} // namespace parlor::bench::wsload
