// SPDX-License-Identifier: MIT
#include "messages/limits.hpp"
#include "tests/actors/connection_fixture.hpp"
#include "tests/support/catch.hpp"

using namespace parlor;
using namespace parlor::test;

namespace {

constexpr const char* history_r
  = R"({"type":"history","room":"r","before":9,"limit":5,"id":1})";
constexpr const char* chat_r = R"({"type":"chat","room":"r","content":1})";
constexpr const char* members_r = R"({"type":"members","room":"r","id":2})";
constexpr const char* ping = R"({"type":"ping","id":3})";

} // namespace

TEST_CASE_METHOD(connection_fixture, "who has no room for answers waits") {
  connect();
  enter("r");
  auto served_before = served();
  sockets[0].full.insert(id);
  say(history_r);
  say(chat_r);
  say(ping);
  say(members_r);
  say(R"({"type":"join","room":"s"})");
  CHECK(to_room.empty());
  CHECK(joins().size() == 1);
  CHECK(heard().empty());
  CHECK(served() == served_before);
  // Told too early.
  tell(client, atom::alarm_v);
  CHECK(to_room.empty());
  sockets[0].full.clear();
  tell(client, atom::alarm_v);
  REQUIRE(to_room.size() == 3);
  CHECK(to_room[0].match_elements<history_query>());
  CHECK(to_room[1].match_elements<publish>());
  CHECK(to_room[2].match_elements<members_query>());
  CHECK(joins().size() == 2);
  CHECK(heard() == texts{R"({"type":"pong","id":3})"});
  // Nothing is left of it.
  say(ping);
  CHECK(heard().size() == 1);
}

TEST_CASE_METHOD(connection_fixture,
                 "of questions few are under way, of all else what is read") {
  connect();
  auto& asked = sockets[0].asked;
  say(R"({"type":"join","room":"r"})");
  CHECK(asked.back() == std::pair<size_t, size_t>{1, max_questions});
  // Held by the join, which is not asked about yet.
  say(history_r);
  say(history_r);
  CHECK(asked.size() == 1);
  say(ping);
  CHECK(asked.back() == std::pair<size_t, size_t>{1, read_credit});
  say(R"({"type":"join","room":"s"})");
  CHECK(asked.back() == std::pair<size_t, size_t>{3, max_questions});
  let_in("r");
  CHECK(asked.back() == std::pair<size_t, size_t>{1, max_questions});
  CHECK(only<history_query>(to_room).size() == 2);
}

TEST_CASE_METHOD(connection_fixture,
                 "what was held for a join comes before what came later") {
  connect();
  say(R"({"type":"join","room":"r"})");
  say(R"({"type":"chat","room":"r","content":1})");
  sockets[0].full.insert(id);
  say(ping);
  say(R"({"type":"chat","room":"r","content":2})");
  let_in("r");
  CHECK(to_room.empty());
  CHECK(heard().empty());
  sockets[0].full.clear();
  tell(client, atom::alarm_v);
  auto said = only<publish>(to_room);
  REQUIRE(said.size() == 2);
  CHECK(said[0].content == "1");
  CHECK(said[1].content == "2");
  CHECK(heard().size() == 1);
}
