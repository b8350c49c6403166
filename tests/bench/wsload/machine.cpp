// SPDX-License-Identifier: MIT
#include "tests/bench/wsload/machine.hpp"

#include <unistd.h>

#include <fstream>
#include <sstream>

namespace parlor::bench::wsload {

namespace {

/// What follows `key` on the line of a file that starts with it.
std::string line_of(const char* path, const std::string& key) {
  std::ifstream file{path};
  for (std::string line; std::getline(file, line);)
    if (line.starts_with(key))
      return line.substr(key.size());
  return {};
}

} // namespace

core_time time_of_core(int core) {
  std::istringstream line{
    line_of("/proc/stat", "cpu" + std::to_string(core) + ' ')};
  double user = 0, nice = 0, system = 0, idle = 0, io_wait = 0, irq = 0,
         soft_irq = 0, steal = 0;
  line >> user >> nice >> system >> idle >> io_wait >> irq >> soft_irq >> steal;
  const auto ticks = static_cast<double>(sysconf(_SC_CLK_TCK));
  core_time result;
  result.busy = (user + nice + system + irq + soft_irq) / ticks;
  result.steal = steal / ticks;
  result.total = result.busy + result.steal + (idle + io_wait) / ticks;
  return result;
}

std::string tcp_statistics() {
  constexpr const char* key = "TCP:";
  return key + line_of("/proc/net/sockstat", key);
}

uint64_t socket_pages(const std::string& statistics) {
  constexpr std::string_view key = "mem ";
  const auto at = statistics.find(key);
  return at == std::string::npos
           ? 0
           : std::stoull(statistics.substr(at + key.size()));
}

uint64_t memory_kib(const std::string& key) {
  std::istringstream line{line_of("/proc/meminfo", key + ':')};
  uint64_t value = 0;
  line >> value;
  return value;
}

double load_average() {
  double value = 0;
  std::ifstream{"/proc/loadavg"} >> value;
  return value;
}

} // namespace parlor::bench::wsload
