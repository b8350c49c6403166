// SPDX-License-Identifier: MIT
#include "actors/pinned.hpp"

#include "telemetry/log.hpp"
#include "telemetry/repeats.hpp"
#include "tests/support/captured_stderr.hpp"
#include "tests/support/catch.hpp"

#include <stdexcept>

using namespace parlor;

namespace {

std::exception_ptr failure() {
  return std::make_exception_ptr(std::runtime_error{"broken"});
}

} // namespace

TEST_CASE("why a core actor failed is written, whatever has failed before") {
  captured_stderr err;
  log::start();
  for (uint32_t i = 0; i < 2 * log::most_repeats; ++i)
    log_failure("room", i, failure());
  for (auto* kind : {"admin", "directory", "node", "registry"})
    log_failure(kind, 1, failure());
  log::stop();
  auto lines = err.lines();
  REQUIRE(lines.size() == log::most_repeats + 5);
  CHECK(lines[log::most_repeats].ends_with(
    "error actor failed kind=admin actor=1 what=broken"));
  CHECK(lines[log::most_repeats + 3].ends_with(
    "error actor failed kind=registry actor=1 what=broken"));
  CHECK(lines.back().ends_with("error lines left out of=\"actor failed\" lines="
                               + std::to_string(log::most_repeats)));
}

TEST_CASE("an actor that throws what is no exception is told of") {
  captured_stderr err;
  log::start();
  log_failure("room", 7, std::make_exception_ptr(1));
  log::stop();
  auto lines = err.lines();
  REQUIRE(lines.size() == 1);
  CHECK(lines[0].ends_with("error actor failed kind=room actor=7"));
}
