// SPDX-License-Identifier: MIT
#pragma once

#include "tests/bench/wsload/machine.hpp"
#include "tests/bench/wsload/process.hpp"
#include "tests/bench/wsload/state.hpp"

#include <cstdint>

namespace parlor::bench::wsload {

/// All clocks and counters at one moment; two of them make a figure.
struct snapshot {
  /// ns.
  uint64_t time;
  counters count;
  process_time server;
  core_time server_core;
  /// The core that this process runs on.
  core_time own_core;
  /// CPU time of this process, seconds.
  double own;
  /// Of which polling for nothing, ns.
  uint64_t empty;
};

snapshot take_snapshot(const state& st, uint64_t empty_time);

/// What happened between two of them; CPU times and durations in seconds.
struct interval {
  interval(const snapshot& begin, const snapshot& end, bool spin);

  double seconds;
  /// Of frames, bytes, reads, deliveries and what was published.
  counters count;
  process_time server;
  /// Shares of the server's core, %; 0 where none was named.
  double server_core_busy;
  double server_core_steal;
  double own_core_busy;
  /// CPU time of this process.
  double own;
  /// With --spin: of which polling for nothing.
  double empty;

  /// `x` per CPU second or the like; 0 where there is none.
  static double ratio(double x, double y) { return y > 0 ? x / y : 0; }

  double percent(double used) const { return ratio(100 * used, seconds); }
};

} // namespace parlor::bench::wsload
