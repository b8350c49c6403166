// SPDX-License-Identifier: MIT
#include "app/memory.hpp"

#include "tests/app/temporary_file.hpp"
#include "tests/support/catch.hpp"

#include <filesystem>
#include <fstream>
#include <string>

namespace {

using namespace parlor;
using test::temporary_file;

/// A system's files below a directory.
struct fake_system {
  void write(const std::string& path, const std::string& text) const {
    auto file = std::filesystem::path{directory.directory()} / path;
    std::filesystem::create_directories(file.parent_path());
    std::ofstream{file} << text << '\n';
  }

  size_t allowed() const { return memory_allowed(directory.directory()); }

  temporary_file directory{""};
};

} // namespace

TEST_CASE("without control groups a process may have the machine's memory") {
  fake_system system;
  auto machine = system.allowed();
  CHECK(machine > 1'000'000);
  CHECK(memory_allowed() <= machine);
  system.write("proc/self/cgroup", "0::/");
  system.write("sys/fs/cgroup/memory.max", "max");
  CHECK(system.allowed() == machine);
  system.write("proc/self/cgroup", "nonsense\n1:\n::");
  CHECK(system.allowed() == machine);
}

TEST_CASE("the least limit of the control groups counts, version 2") {
  fake_system system;
  system.write("proc/self/cgroup", "0::/a/b");
  system.write("sys/fs/cgroup/a/memory.max", "4096");
  system.write("sys/fs/cgroup/a/b/memory.max", "max");
  CHECK(system.allowed() == 4096);
  system.write("sys/fs/cgroup/a/b/memory.max", "2048");
  CHECK(system.allowed() == 2048);
  system.write("sys/fs/cgroup/memory.max", "1024");
  CHECK(system.allowed() == 1024);
}

TEST_CASE("the least limit of the control groups counts, version 1") {
  fake_system system;
  system.write("proc/self/cgroup", "5:cpu:/c\n4:memory:/a/b\n0::/");
  system.write("sys/fs/cgroup/memory/a/memory.limit_in_bytes", "4096");
  CHECK(system.allowed() == 4096);
  system.write("sys/fs/cgroup/memory/a/b/memory.limit_in_bytes", "2048");
  CHECK(system.allowed() == 2048);
  system.write("sys/fs/cgroup/memory/c/memory.limit_in_bytes", "1024");
  CHECK(system.allowed() == 2048);
}

TEST_CASE("outboxes have an eighth of the memory unless it is configured") {
  CHECK(outboxes_by_memory(0, 1 << 20) == 1 << 17);
  CHECK(outboxes_by_memory(5, 1 << 20) == 5);
}
