// SPDX-License-Identifier: MIT
#include "actors/error_budget.hpp"

#include "messages/limits.hpp"
#include "tests/support/catch.hpp"

using namespace parlor;
using namespace std::chrono_literals;

namespace {

/// Any time; the value reads no clock.
constexpr error_budget::clock::time_point start{1h};

} // namespace

TEST_CASE("a budget allows as many errors as it says, and not one more") {
  error_budget budget{3};
  CHECK(budget.spend(start));
  CHECK(budget.spend(start));
  CHECK(budget.spend(start + 9s));
  CHECK_FALSE(budget.spend(start + 9s));
}

TEST_CASE("a budget of none allows every error") {
  error_budget budget{0};
  for (auto i = 0; i < 1000; ++i)
    CHECK(budget.spend(start));
}

TEST_CASE("errors are forgotten after the window") {
  error_budget budget{2};
  CHECK(budget.spend(start));
  CHECK(budget.spend(start + 6s));
  CHECK(budget.spend(start + abuse_window + 1ms));
  CHECK_FALSE(budget.spend(start + abuse_window + 2ms));
}

TEST_CASE("errors at a slow pace never exhaust a budget") {
  error_budget budget{5};
  for (auto i = 0; i < 1000; ++i)
    CHECK(budget.spend(start + i * 2100ms));
}
