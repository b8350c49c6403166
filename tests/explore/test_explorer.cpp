// SPDX-License-Identifier: MIT
#include "tests/explore/checks.hpp"
#include "tests/explore/digest.hpp"
#include "tests/explore/explorer.hpp"
#include "tests/explore/scenarios.hpp"
#include "tests/support/catch.hpp"

#include <set>

using namespace parlor;
using namespace parlor::explore;

namespace {

scenario story(const char* before, const char* together, size_t crashes = 0) {
  return {"test", read_steps(before), read_together(together), {}, crashes};
}

/// The different ends of a scenario.
std::set<std::string> ends(const scenario& x, bool reduced, size_t& runs) {
  std::set<std::string> result;
  explorer with{[&](world& end) { result.insert(digest(end)); }};
  auto found = reduced ? with.explore(x, 1'000'000)
                       : with.explore_all(x, 1'000'000);
  INFO(to_string(x));
  if (found.bug)
    FAIL(found.bug->what);
  CHECK(found.whole);
  runs = found.schedules;
  return result;
}

} // namespace

TEST_CASE("every end of a scenario is found in the orders that are tried") {
  scenario tiny[] = {
    story("", "ann connects to r, ann vanishes"),
    story("ann connects, ann joins r", "ann leaves r, ann joins r"),
    story("ann connects, bob connects", "ann joins r | bob joins r"),
    story("ann connects, ann joins r, bob connects",
          "ann leaves r | bob joins r"),
    story("ann connects to r", "admin kicks ann | ann leaves r"),
    story("ann connects to r, ann says 1 in r",
          "ann leaves r | time passes 6min"),
    story("ann connects to r", "ann leaves r", 1),
    story("ann connects to r", "ann says 1 in r", 1),
  };
  for (auto& one : tiny) {
    size_t all = 0;
    size_t few = 0;
    auto expected = ends(one, false, all);
    CHECK(ends(one, true, few) == expected);
    CHECK(few <= all);
  }
}

TEST_CASE("a schedule is written and read") {
  schedule way{0, 12, 3};
  CHECK(to_string(way) == "0,12,3");
  CHECK(to_schedule("0,12,3") == way);
  CHECK(to_string(schedule{}) == "-");
  CHECK(to_schedule("-").empty());
}

TEST_CASE("a schedule that is wrong is wrong again") {
  auto what = story("ann connects, bob connects",
                    "ann joins r | bob joins r | admin posts 1 to r");
  explorer with{[](world& end) {
    auto room = end.directory()->rooms.begin();
    auto* state = end.actors.state_of<room_state>(room->second.handle);
    if (state->order.seq() > 0 && state->log.size() == 3)
      throw violation{"three things were said"};
  }};
  auto found = with.explore(what, 1000);
  REQUIRE(found.bug);
  auto again = with.replay(what, found.bug->way);
  REQUIRE(again.bug);
  CHECK(again.bug->what == found.bug->what);
  CHECK_FALSE(again.bug->told.empty());
  auto shorter = with.shrink(what, found.bug->way, 100);
  CHECK(shorter.size() <= found.bug->way.size());
  CHECK(with.replay(what, shorter).bug);
}

TEST_CASE("a seed draws the same order again") {
  auto what = draw_scenario(12);
  std::vector<std::string> ends;
  explorer with{[&](world& end) { ends.push_back(digest(end)); }};
  with.draw(what, 12);
  with.draw(what, 12);
  REQUIRE(ends.size() == 2);
  CHECK(ends[0] == ends[1]);
}

TEST_CASE("a handler can throw at any step") {
  auto what = story("ann connects to r", "ann says 1 in r", 1);
  size_t threw = 0;
  explorer with{[&](world& end) { threw += end.crashed; }};
  auto found = with.explore(what, 1000);
  CHECK(found.whole);
  CHECK(threw > 1);
  CHECK(found.schedules > threw);
}
