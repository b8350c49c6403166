// SPDX-License-Identifier: MIT
#include "tests/explore/scenarios.hpp"
#include "tests/explore/script.hpp"
#include "tests/support/catch.hpp"

#include <set>
#include <stdexcept>

using namespace parlor::explore;

TEST_CASE("a script is read as it is written") {
  auto all = read_steps("ann connects to r, ann says 1 in r keyed k");
  REQUIRE(all.size() == 2);
  CHECK(all[0].what == verb::connects);
  CHECK(all[0].of("to") == "r");
  CHECK(all[1].who == "ann");
  CHECK(all[1].object == "1");
  CHECK(all[1].of("keyed") == "k");
  CHECK(all[1].text == "ann says 1 in r keyed k");
}

TEST_CASE("a client does one thing after the other") {
  CHECK_THROWS_AS(read_together("ann joins r | ann leaves r"),
                  std::invalid_argument);
  CHECK_THROWS_AS(read_steps("ann dances"), std::invalid_argument);
}

TEST_CASE("two connections of one user are two clients") {
  CHECK(user_of("ann2") == user_of("ann"));
  CHECK(user_of("bob") == "bob");
}

TEST_CASE("what clients do is what they send") {
  auto frame = [](const char* text) {
    return frame_of(read_steps(text).at(0), 7, "1-2");
  };
  CHECK(frame("ann joins r since 3 with presence")
        == R"({"type":"join","id":7,"room":"r",)"
           R"("since":{"epoch":"1-2","seq":3},"presence":true})");
  CHECK(frame("ann says 1 in r without me")
        == R"({"type":"chat","id":7,"room":"r","content":1,)"
           R"("exclude_self":true})");
  CHECK(frame("ann whispers 1 to bob")
        == R"({"type":"private","id":7,"to":"bob","content":1})");
  CHECK(frame("ann asks members of r")
        == R"({"type":"members","id":7,"room":"r"})");
}

TEST_CASE("every scenario has a name of its own") {
  std::set<std::string> names;
  for (auto& one : scenarios())
    CHECK(names.insert(one.name).second);
}

TEST_CASE("a seed draws the same scenario again") {
  CHECK(to_string(draw_scenario(7)) == to_string(draw_scenario(7)));
  CHECK(to_string(draw_scenario(7)) != to_string(draw_scenario(8)));
}
