// SPDX-License-Identifier: MIT
#include "actors/environment.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/colliding_names.hpp"

#include <map>

using namespace parlor;

TEST_CASE("rooms whose names were chosen for it are not all on one thread") {
  environment env;
  env.threads.resize(4);
  std::map<const io_place*, size_t> rooms;
  for (auto& name : test::colliding_names(400))
    ++rooms[&env.place_of(room_name{name})];
  REQUIRE(rooms.size() == 4);
  for (auto& [thread, many] : rooms)
    CHECK(many > 40);
}
