// SPDX-License-Identifier: MIT
#include "app/process.hpp"

#include <fstream>
#include <iterator>
#include <system_error>

#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

namespace parlor {

namespace {

namespace fs = std::filesystem;

/// The size of the folder itself, which is their number since Linux 6.2.
uint64_t count_descriptors(const fs::path& folder) {
  struct stat found {};
  if (::stat(folder.c_str(), &found) != 0)
    return 0;
  if (found.st_size > 0)
    return static_cast<uint64_t>(found.st_size);
  std::error_code err;
  auto result = std::distance(fs::directory_iterator{folder, err}, {});
  // One of them is the listing's own.
  return err || result == 0 ? 0 : static_cast<uint64_t>(result) - 1;
}

/// Both sizes are in pages (proc(5), statm).
void read_memory(const fs::path& file, process_vitals& into) {
  std::ifstream in{file};
  uint64_t all = 0;
  uint64_t resident = 0;
  if (!(in >> all >> resident))
    return;
  auto page = static_cast<uint64_t>(::sysconf(_SC_PAGESIZE));
  into.virtual_bytes = all * page;
  into.resident_bytes = resident * page;
}

double seconds_of(const timeval& x) {
  return static_cast<double>(x.tv_sec) + static_cast<double>(x.tv_usec) / 1e6;
}

} // namespace

process_vitals look_at_process(const fs::path& proc) {
  process_vitals result;
  read_memory(proc / "statm", result);
  result.open_fds = count_descriptors(proc / "fd");
  if (rlimit most{}; ::getrlimit(RLIMIT_NOFILE, &most) == 0)
    result.max_fds = most.rlim_cur;
  if (rusage used{}; ::getrusage(RUSAGE_SELF, &used) == 0)
    result.cpu_seconds = seconds_of(used.ru_utime) + seconds_of(used.ru_stime);
  return result;
}

} // namespace parlor
