// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <vector>

namespace parlor::bench::wsload {

/// Seconds of CPU time.
struct process_time {
  /// The kernel's split, by ticks.
  double user = 0;
  double system = 0;
  /// Both, by the scheduler's clock (schedstat, ns), all threads.
  double exact = 0;
};

/// Of all these processes together; one that is gone counts nothing.
process_time time_of(const std::vector<int>& pids);

/// Resident memory (VmRSS), KiB.
uint64_t resident_kib(const std::vector<int>& pids);

/// Open descriptors.
long open_files(const std::vector<int>& pids);

/// CPU time of this process, seconds.
double own_time();

} // namespace parlor::bench::wsload
