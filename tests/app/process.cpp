// SPDX-License-Identifier: MIT
#include "app/process.hpp"

#include "tests/support/catch.hpp"

#include <vector>

#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

using namespace parlor;

TEST_CASE("a process sees itself") {
  auto x = look_at_process();
  CHECK(x.resident_bytes > 100'000);
  CHECK(x.virtual_bytes >= x.resident_bytes);
  CHECK(x.cpu_seconds > 0);
  rlimit most{};
  REQUIRE(getrlimit(RLIMIT_NOFILE, &most) == 0);
  CHECK(x.max_fds == most.rlim_cur);
}

TEST_CASE("open descriptors are counted exactly") {
  auto before = look_at_process().open_fds;
  CHECK(before > 0);
  std::vector<int> opened;
  for (auto i = 0; i < 10; ++i)
    opened.push_back(open("/dev/null", O_RDONLY));
  CHECK(look_at_process().open_fds == before + 10);
  for (auto one : opened)
    close(one);
  CHECK(look_at_process().open_fds == before);
}

TEST_CASE("what cannot be read is 0") {
  auto x = look_at_process("/no/such/folder");
  CHECK(x.resident_bytes == 0);
  CHECK(x.virtual_bytes == 0);
  CHECK(x.open_fds == 0);
}
