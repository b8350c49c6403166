// SPDX-License-Identifier: MIT
#include "messages/limits.hpp"
#include "messages/to_directory.hpp"
#include "messages/to_room.hpp"
#include "tests/actors/connection_fixture.hpp"
#include "tests/support/catch.hpp"

#include <string>

using namespace parlor;
using namespace parlor::test;

namespace {

/// A connection that comes with a hundred rooms, r0 to r99.
struct many_rooms_fixture : connection_fixture {
  many_rooms_fixture() {
    for (auto i = 0; i < 100; ++i)
      hello.rooms.emplace_back("r" + std::to_string(i));
  }

  void answer(size_t first, size_t behind) {
    for (auto i = first; i < behind; ++i)
      tell(client, joined{hello.rooms[i], room});
  }

  void chat(const char* in) {
    say(R"({"type":"chat","content":1,"room":")" + std::string{in} + R"("})");
  }

  size_t& entering() { return *env.place_of(id).entering; }
};

} // namespace

TEST_CASE_METHOD(many_rooms_fixture,
                 "rooms of an upgrade are asked for in parts", "[parts]") {
  connect();
  CHECK(joins().size() == max_questions);
  CHECK(entering() == max_questions);
  answer(0, 1);
  CHECK(joins().size() == max_questions + 1);
  tell(client, not_joined{hello.rooms[1], ec::room_full, "no place", {}});
  CHECK(joins().size() == max_questions + 2);
  answer(2, 100);
  CHECK(joins().size() == 100);
  CHECK(joins().back().room.str() == "r99");
  CHECK(entering() == 0);
}

TEST_CASE_METHOD(many_rooms_fixture,
                 "while many come, each asks for one room at a time",
                 "[parts]") {
  entering() = 1000;
  connect();
  CHECK(joins().size() == 1);
  answer(0, 1);
  CHECK(joins().size() == 2);
  entering() = 1;
  answer(1, 2);
  CHECK(joins().size() == 2 + max_questions);
}

TEST_CASE_METHOD(many_rooms_fixture,
                 "a message waits for a room that is not asked for yet",
                 "[parts]") {
  connect();
  chat("r99");
  say(R"({"type":"ping"})");
  CHECK(heard().size() == 1);
  say(R"({"type":"join","room":"other"})");
  CHECK(joins().back().room.str() == "other");
  answer(0, 99);
  CHECK(only<publish>(to_room).empty());
  answer(99, 100);
  CHECK(only<publish>(to_room).size() == 1);
}

TEST_CASE_METHOD(many_rooms_fixture,
                 "who is gone enters no room but those it has spoken to",
                 "[parts]") {
  connect();
  chat("r50");
  chat("r99");
  tell(client, socket_closed{close_code::normal, "", departure::closed});
  CHECK(joins().size() == max_questions);
  CHECK_FALSE(end_of());
  answer(0, max_questions);
  REQUIRE(joins().size() == max_questions + 2);
  CHECK(joins()[max_questions].room.str() == "r50");
  CHECK(joins()[max_questions + 1].room.str() == "r99");
  tell(client, joined{room_name{"r50"}, room});
  tell(client, joined{room_name{"r99"}, room});
  CHECK(only<publish>(to_room).size() == 2);
  CHECK(end_of());
  CHECK(entering() == 0);
}

TEST_CASE_METHOD(many_rooms_fixture, "who is gone gives up what it asked for",
                 "[parts]") {
  connect();
  tell(client, socket_closed{close_code::normal, "", departure::closed});
  CHECK(end_of());
  CHECK(joins().size() == max_questions);
  CHECK(entering() == 0);
}
