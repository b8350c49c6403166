// SPDX-License-Identifier: MIT
#include "app/memory.hpp"

#include <algorithm>
#include <cstdint>
#include <fstream>
#include <limits>
#include <string>
#include <string_view>

#include <malloc.h>
#include <unistd.h>

namespace parlor {

namespace {

constexpr size_t unlimited = std::numeric_limits<size_t>::max();

/// The number in a file; "max", or no such file, is no limit.
size_t limit_in(const std::filesystem::path& file) {
  std::ifstream in{file};
  uint64_t result = 0;
  return in >> result ? result : unlimited;
}

/// The least limit of a group and those that it is in.
size_t least_limit(const std::filesystem::path& mount, std::string_view group,
                   std::string_view file) {
  auto result = limit_in(mount / file);
  auto at = mount;
  for (const auto& part : std::filesystem::path{group}.relative_path()) {
    at /= part;
    result = std::min(result, limit_in(at / file));
  }
  return result;
}

/// What a line of /proc/self/cgroup, "4:memory:/group", limits.
size_t limit_by(std::string_view line, const std::filesystem::path& mount) {
  auto first = line.find(':');
  auto second = line.find(':', first + 1);
  if (first == line.npos || second == line.npos)
    return unlimited;
  auto controllers = line.substr(first + 1, second - first - 1);
  auto group = line.substr(second + 1);
  if (controllers.empty())
    return least_limit(mount, group, "memory.max");
  if (controllers == "memory")
    return least_limit(mount / "memory", group, "memory.limit_in_bytes");
  return unlimited;
}

size_t memory_of_machine() noexcept {
  auto pages = sysconf(_SC_PHYS_PAGES);
  auto size = sysconf(_SC_PAGESIZE);
  return pages > 0 && size > 0
           ? static_cast<size_t>(pages) * static_cast<size_t>(size)
           : unlimited;
}

} // namespace

size_t memory_allowed(const std::filesystem::path& root) {
  auto result = memory_of_machine();
  std::ifstream groups{root / "proc/self/cgroup"};
  for (std::string line; std::getline(groups, line);)
    result = std::min(result, limit_by(line, root / "sys/fs/cgroup"));
  return result;
}

size_t outboxes_by_memory(size_t configured, size_t allowed) noexcept {
  return configured != 0 ? configured : allowed / 8;
}

void return_free_memory() {
  constexpr size_t worth_it = 16 * 1024 * 1024;
  auto now = ::mallinfo2();
  if (now.fordblks > worth_it && now.fordblks > now.uordblks / 2)
    ::malloc_trim(0);
}

} // namespace parlor
