// SPDX-License-Identifier: MIT
#include "tests/bench/wsload/process.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <system_error>

namespace parlor::bench::wsload {

namespace {

namespace fs = std::filesystem;

fs::path directory_of(int pid) {
  return "/proc/" + std::to_string(pid);
}

/// Nothing where the directory is gone.
fs::directory_iterator entries(const fs::path& directory) {
  std::error_code gone;
  return fs::directory_iterator{directory, gone};
}

/// Behind the name, which may hold anything, user and system time are the
/// 12th and 13th field.
void add_ticks(process_time& total, int pid) {
  std::string text;
  std::getline(std::ifstream{directory_of(pid) / "stat"}, text);
  const auto name_end = text.rfind(')');
  if (name_end == std::string::npos)
    return;
  std::istringstream fields{text.substr(name_end + 1)};
  std::string skipped;
  for (int i = 0; i < 11; ++i)
    fields >> skipped;
  double user = 0;
  double system = 0;
  fields >> user >> system;
  const auto ticks = static_cast<double>(sysconf(_SC_CLK_TCK));
  total.user += user / ticks;
  total.system += system / ticks;
}

void add_exact(process_time& total, int pid) {
  for (const auto& thread : entries(directory_of(pid) / "task")) {
    uint64_t ns = 0;
    if (std::ifstream{thread.path() / "schedstat"} >> ns)
      total.exact += static_cast<double>(ns) * 1e-9;
  }
}

double seconds(const timeval& t) {
  return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) * 1e-6;
}

} // namespace

process_time time_of(const std::vector<int>& pids) {
  process_time total;
  for (const int pid : pids) {
    add_ticks(total, pid);
    add_exact(total, pid);
  }
  return total;
}

uint64_t resident_kib(const std::vector<int>& pids) {
  constexpr std::string_view key = "VmRSS:";
  uint64_t total = 0;
  for (const int pid : pids) {
    std::ifstream file{directory_of(pid) / "status"};
    for (std::string line; std::getline(file, line);)
      if (line.starts_with(key))
        total += std::stoull(line.substr(key.size()));
  }
  return total;
}

long open_files(const std::vector<int>& pids) {
  long total = 0;
  for (const int pid : pids)
    for ([[maybe_unused]] const auto& fd : entries(directory_of(pid) / "fd"))
      ++total;
  return total;
}

double own_time() {
  rusage used;
  getrusage(RUSAGE_SELF, &used);
  return seconds(used.ru_utime) + seconds(used.ru_stime);
}

} // namespace parlor::bench::wsload
