// SPDX-License-Identifier: MIT
#include "app/standard_files.hpp"

#include "tests/support/catch.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace {

struct stat about(int number) {
  struct stat result {};
  REQUIRE(fstat(number, &result) == 0);
  return result;
}

} // namespace

TEST_CASE("a standard file that is closed becomes /dev/null") {
  auto before = about(STDIN_FILENO);
  auto saved = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 10);
  close(STDIN_FILENO);
  parlor::open_standard_files();
  auto after = about(STDIN_FILENO);
  dup2(saved, STDIN_FILENO);
  close(saved);
  struct stat null {};
  REQUIRE(stat("/dev/null", &null) == 0);
  CHECK(after.st_rdev == null.st_rdev);
  // Those that are open stay as they are.
  parlor::open_standard_files();
  CHECK(about(STDIN_FILENO).st_ino == before.st_ino);
}
