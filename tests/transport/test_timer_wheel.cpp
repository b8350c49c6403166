// SPDX-License-Identifier: MIT
#include "transport/timer_wheel.hpp"

#include "tests/support/catch.hpp"

#include <algorithm>
#include <map>
#include <random>
#include <vector>

using namespace parlor;
using namespace parlor::transport;

namespace {

connection_id nth(uint32_t n) {
  return {0, n, 1};
}

std::vector<uint32_t> visited(timer_wheel& wheel, timer_wheel::tick now) {
  std::vector<uint32_t> result;
  wheel.advance(now, [&](auto& x) { result.push_back(x.who.slot()); });
  return result;
}

} // namespace

TEST_CASE("a visit comes in its tick and once", "[timer_wheel]") {
  timer_wheel wheel;
  wheel.schedule(nth(1), 3);
  CHECK(visited(wheel, 2).empty());
  CHECK(visited(wheel, 3) == std::vector<uint32_t>{1});
  CHECK(visited(wheel, 1000).empty());
  CHECK(wheel.size() == 0);
}

TEST_CASE("what is due already comes with the next tick", "[timer_wheel]") {
  timer_wheel wheel;
  visited(wheel, 10);
  wheel.schedule(nth(1), 4);
  wheel.schedule(nth(2), 0);
  CHECK(visited(wheel, 10).empty());
  CHECK(visited(wheel, 11) == std::vector<uint32_t>{1, 2});
}

TEST_CASE("a visit further off than a round waits its rounds",
          "[timer_wheel]") {
  timer_wheel wheel;
  wheel.schedule(nth(1), 1000);
  for (timer_wheel::tick now = 1; now < 1000; ++now)
    REQUIRE(visited(wheel, now).empty());
  CHECK(visited(wheel, 1000) == std::vector<uint32_t>{1});
}

TEST_CASE("a long pause loses no visit", "[timer_wheel]") {
  timer_wheel wheel;
  for (uint32_t i = 1; i <= 600; ++i)
    wheel.schedule(nth(i), i);
  CHECK(visited(wheel, 500).size() == 500);
  CHECK(visited(wheel, 1000000).size() == 100);
}

TEST_CASE("who is visited may ask for the next visit", "[timer_wheel]") {
  timer_wheel wheel;
  wheel.schedule(nth(1), 5);
  std::vector<timer_wheel::tick> seen;
  for (timer_wheel::tick now = 1; now <= 700; ++now)
    wheel.advance(now, [&](auto& x) {
      seen.push_back(now);
      wheel.schedule(x.who, now + 256);
    });
  CHECK(seen == std::vector<timer_wheel::tick>{5, 261, 517});
}

TEST_CASE("a visit that asks for itself again does not come in the same tick",
          "[timer_wheel]") {
  timer_wheel wheel;
  wheel.schedule(nth(1), 1);
  auto visits = 0;
  wheel.advance(1, [&](auto& x) {
    ++visits;
    wheel.schedule(x.who, 1);
  });
  CHECK(visits == 1);
  CHECK(wheel.size() == 1);
}

TEST_CASE("random visits are all kept, none early and none late",
          "[timer_wheel]") {
  std::mt19937 random{7};
  timer_wheel wheel;
  std::map<uint32_t, timer_wheel::tick> promised;
  timer_wheel::tick now = 0;
  for (uint32_t i = 0; i < 20000; ++i) {
    auto due = now + 1 + random() % 900;
    wheel.schedule(nth(i), due);
    promised[i] = due;
    if (random() % 4 != 0)
      continue;
    auto before = now;
    now += random() % 20;
    wheel.advance(now, [&](auto& x) {
      auto found = promised.find(x.who.slot());
      REQUIRE(found != promised.end());
      REQUIRE(found->second == x.due);
      REQUIRE(x.due > before);
      REQUIRE(x.due <= now);
      promised.erase(found);
    });
  }
  CHECK(wheel.size() == promised.size());
  CHECK(std::all_of(promised.begin(), promised.end(),
                    [&](auto& x) { return x.second > now; }));
}
