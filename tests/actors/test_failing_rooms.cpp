// SPDX-License-Identifier: MIT
#include "actors/failing_rooms.hpp"

#include "tests/support/catch.hpp"

using namespace parlor;
using namespace std::chrono_literals;

namespace {

constexpr failing_rooms::clock::time_point start{1h};
const room_name tea{"tea"};

} // namespace

TEST_CASE("the third failure within 10 s is one too many", "[failing]") {
  failing_rooms x;
  x.note(tea, start);
  x.note(tea, start + 4s);
  CHECK_FALSE(x.contains(tea, start + 4s));
  x.note(tea, start + 9s);
  CHECK(x.contains(tea, start + 9s));
  CHECK_FALSE(x.contains(room_name{"attic"}, start + 9s));
  CHECK(x.contains(tea, start + 9999ms));
  CHECK_FALSE(x.contains(tea, start + 10s));
}

TEST_CASE("failures that are further apart do not count", "[failing]") {
  failing_rooms x;
  for (auto at = start; at < start + 1min; at += 5s) {
    x.note(tea, at);
    CHECK_FALSE(x.contains(tea, at));
  }
}

TEST_CASE("what has not failed lately is forgotten", "[failing]") {
  failing_rooms x;
  for (auto i = 0; i < 100; ++i)
    x.note(room_name{std::to_string(i)}, start);
  CHECK(x.size() == 100);
  x.note(tea, start + 10s);
  CHECK(x.size() == 1);
}
