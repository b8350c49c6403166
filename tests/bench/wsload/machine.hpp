// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>

namespace parlor::bench::wsload {

/// What a core did since the machine started, seconds.
struct core_time {
  double busy = 0;
  /// Taken by the hypervisor.
  double steal = 0;
  double total = 0;
};

/// Zeroes for a core that there is not.
core_time time_of_core(int core);

/// The line `TCP:` of /proc/net/sockstat.
std::string tcp_statistics();

/// Its pages of socket memory.
uint64_t socket_pages(const std::string& statistics);

/// A line of /proc/meminfo, such as `Slab`, KiB.
uint64_t memory_kib(const std::string& key);

/// Load average of the last minute.
double load_average();

} // namespace parlor::bench::wsload
