// SPDX-License-Identifier: MIT
#include "tests/actors/connection_fixture.hpp"
#include "tests/support/catch.hpp"

using namespace parlor;
using namespace parlor::test;

namespace {

constexpr const char* join_r = R"({"type":"join","room":"r","id":1})";
constexpr const char* leave_r = R"({"type":"leave","room":"r","id":3})";

} // namespace

TEST_CASE_METHOD(connection_fixture, "a join goes through the directory") {
  connect(dialect::action);
  say(R"({"action":"join","room":"r","id":"j"})");
  REQUIRE(joins().size() == 1);
  CHECK(joins()[0].room.str() == "r");
  CHECK(joins()[0].id.str() == R"("j")");
  CHECK(joins()[0].connection == id);
  CHECK(joins()[0].user.str() == "alice");
  CHECK(joins()[0].speaks == dialect::action);
  CHECK(joins()[0].handle == client);
  CHECK_FALSE(joins()[0].silent);
  CHECK(served() == 0);
  let_in();
  CHECK(served() == 1);
  // The room answers through its lane.
  CHECK(heard().empty());
}

TEST_CASE_METHOD(connection_fixture, "a member's requests go to its room") {
  connect();
  enter("r");
  say(R"({"type":"chat","room":"r","content":"hi","id":2,)"
      R"("exclude_self":true})");
  say(R"({"type":"members","room":"r","id":5})");
  say(leave_r);
  REQUIRE(to_room.size() == 3);
  auto said = only<publish>(to_room);
  REQUIRE(said.size() == 1);
  CHECK(said[0].id.str() == "2");
  CHECK(said[0].connection == id);
  CHECK(said[0].content == R"("hi")");
  CHECK(said[0].exclude_self);
  auto asked = only<members_query>(to_room);
  REQUIRE(asked.size() == 1);
  CHECK(asked[0].id.str() == "5");
  CHECK(asked[0].connection == id);
  auto left = only<leave>(to_room);
  REQUIRE(left.size() == 1);
  CHECK(left[0].id.str() == "3");
  CHECK(left[0].connection == id);
  CHECK(left[0].handle == client);
  CHECK(joins().size() == 1);
  // The room serves them.
  CHECK(served() == 1);
  CHECK(heard().empty());
}

TEST_CASE_METHOD(connection_fixture, "what follows a join waits for it") {
  connect();
  say(join_r);
  say(R"({"type":"chat","room":"r","content":1})");
  say(R"({"type":"members","room":"r","id":2})");
  say(R"({"type":"message","room":"r","content":2})");
  CHECK(to_room.empty());
  CHECK(heard().empty());
  CHECK(served() == 0);
  let_in();
  REQUIRE(to_room.size() == 3);
  CHECK(to_room[0].get_as<publish>(0).content == "1");
  CHECK(to_room[1].get_as<members_query>(0).id.str() == "2");
  CHECK(to_room[2].get_as<publish>(0).content == "2");
  CHECK(served() == 1);
}

TEST_CASE_METHOD(connection_fixture, "a join holds up no other room, no ping") {
  connect();
  enter("other");
  say(join_r);
  say(R"({"type":"chat","room":"other","content":1})");
  say(R"({"type":"ping"})");
  CHECK(only<publish>(to_room).size() == 1);
  CHECK(heard().size() == 1);
}

TEST_CASE_METHOD(connection_fixture, "a leave waits for the join's answer") {
  connect();
  say(join_r);
  say(leave_r);
  CHECK(to_room.empty());
  let_in();
  CHECK(only<leave>(to_room).size() == 1);
  say(R"({"type":"chat","room":"r","content":1})");
  CHECK(only<publish>(to_room).empty());
  auto said = heard();
  REQUIRE(said.size() == 1);
  CHECK(is_error(said[0], "not_in_room"));
}

TEST_CASE_METHOD(connection_fixture, "a rejoin waits behind the leave") {
  connect();
  say(join_r);
  say(leave_r);
  say(R"({"type":"join","room":"r","id":4})");
  say(R"({"type":"chat","room":"r","content":1})");
  CHECK(joins().size() == 1);
  let_in();
  CHECK(only<leave>(to_room).size() == 1);
  CHECK(only<publish>(to_room).empty());
  REQUIRE(joins().size() == 2);
  CHECK(joins()[1].id.str() == "4");
  let_in();
  CHECK(only<publish>(to_room).size() == 1);
  CHECK(to_room.size() == 2);
  CHECK(heard().empty());
  // Both joins; leave and publish are the room's to serve.
  CHECK(served() == 2);
}

TEST_CASE_METHOD(connection_fixture, "a rejoin is answered before more") {
  connect();
  enter("r");
  say(leave_r);
  say(join_r);
  say(R"({"type":"chat","room":"r","content":1})");
  CHECK(only<leave>(to_room).size() == 1);
  CHECK(only<publish>(to_room).empty());
  let_in();
  CHECK(only<publish>(to_room).size() == 1);
}

TEST_CASE_METHOD(connection_fixture, "a second join is answered like a first") {
  connect();
  enter("r");
  say(R"({"type":"join","room":"r","id":9})");
  REQUIRE(joins().size() == 2);
  CHECK(joins()[1].id.str() == "9");
  let_in();
  CHECK(served() == 2);
  say(R"({"type":"rooms","id":1})");
  CHECK(heard() == texts{R"({"type":"reply","id":1,"ok":true,"rooms":["r"]})"});
}

TEST_CASE_METHOD(connection_fixture, "two joins at once are both answered") {
  connect();
  say(join_r);
  say(R"({"type":"join","room":"r","id":2})");
  let_in();
  let_in();
  CHECK(joins().size() == 2);
  CHECK(served() == 2);
  say(leave_r);
  CHECK(only<leave>(to_room).size() == 1);
}

TEST_CASE_METHOD(connection_fixture, "a join that fails is an error") {
  connect();
  say(R"({"type":"join","room":"r","id":7})");
  keep_out("r", "7");
  CHECK(heard()
        == texts{R"({"type":"error","code":"room_full",)"
                 R"("message":"no place","id":7,"retryable":true})"});
  CHECK(served() == 1);
  say(R"({"type":"rooms","id":1})");
  CHECK(heard() == texts{R"({"type":"reply","id":1,"ok":true,"rooms":[]})"});
}

TEST_CASE_METHOD(connection_fixture, "the URL may name a full room") {
  connect(dialect::typed, {"r"});
  keep_out("r", "");
  auto said = heard();
  REQUIRE(said.size() == 1);
  CHECK(is_error(said[0], "room_full"));
  CHECK(served() == 0);
}

TEST_CASE_METHOD(connection_fixture, "what waits in vain is refused") {
  connect();
  say(join_r);
  say(R"({"type":"chat","room":"r","content":1,"id":2})");
  say(R"({"type":"members","room":"r","id":3})");
  say(R"({"type":"leave","room":"r","id":4})");
  keep_out("r", "1");
  auto said = heard();
  REQUIRE(said.size() == 4);
  CHECK(is_error(said[0], "room_full"));
  for (size_t i = 1; i < said.size(); ++i) {
    CHECK(is_error(said[i], "not_in_room"));
    CHECK(has(said[i], R"("id":)" + std::to_string(i + 1)));
  }
  CHECK(to_room.empty());
  CHECK(served() == 4);
}

TEST_CASE_METHOD(connection_fixture, "a join behind a failed one is tried") {
  connect();
  say(join_r);
  say(R"({"type":"join","room":"r","id":2})");
  say(R"({"type":"chat","room":"r","content":1})");
  keep_out("r", "1");
  REQUIRE(joins().size() == 2);
  let_in();
  CHECK(only<publish>(to_room).size() == 1);
  CHECK(served() == 2);
}

TEST_CASE_METHOD(connection_fixture, "who is not in a room is told so") {
  connect();
  for (auto text : {R"({"type":"chat","room":"r","content":1,"id":1})",
                    R"({"type":"members","room":"r","id":1})",
                    R"({"type":"leave","room":"r","id":1})"}) {
    say(text);
    auto said = heard();
    REQUIRE(said.size() == 1);
    CHECK(is_error(said[0], "not_in_room"));
    CHECK(has(said[0], R"("id":1)"));
  }
  CHECK(served() == 3);
  CHECK(to_directory.empty());
}

TEST_CASE_METHOD(connection_fixture, "a connection lists its rooms") {
  connect(dialect::typed, {"a", "b"});
  let_in("a");
  let_in("b");
  say(R"({"type":"rooms","id":1})");
  CHECK(heard()
        == texts{R"({"type":"reply","id":1,"ok":true,"rooms":["a","b"]})"});
  CHECK(served() == 1);
  say(R"({"type":"rooms"})");
  CHECK(heard().empty());
  CHECK(served() == 2);
}

TEST_CASE_METHOD(connection_fixture, "a connection has so many rooms at most") {
  env.limits.rooms_per_connection = 2;
  connect();
  enter("a");
  say(R"({"type":"join","room":"b"})");
  say(R"({"type":"join","room":"c","id":1})");
  auto said = heard();
  REQUIRE(said.size() == 1);
  CHECK(is_error(said[0], "limit_exceeded"));
  CHECK(has(said[0], R"("id":1)"));
  CHECK(joins().size() == 2);
  CHECK(served() == 2);
  SECTION("a room that it is in may be joined again") {
    say(R"({"type":"join","room":"a"})");
    CHECK(joins().size() == 3);
    CHECK(heard().empty());
  }
  SECTION("a room less is place for another") {
    say(R"({"type":"leave","room":"a"})");
    say(R"({"type":"join","room":"c"})");
    CHECK(joins().size() == 3);
    CHECK(heard().empty());
  }
}

TEST_CASE_METHOD(connection_fixture, "the URL may name too many rooms") {
  env.limits.rooms_per_connection = 2;
  start(dialect::typed, {"a", "b", "c"});
  tell(client, admitted{});
  CHECK(joins().size() == 2);
  auto said = heard();
  REQUIRE(said.size() == 2);
  CHECK(is_error(said[1], "limit_exceeded"));
  CHECK(served() == 0);
}

TEST_CASE_METHOD(connection_fixture, "who was in a failed room joins again") {
  connect();
  enter("r");
  enter("other");
  auto before = joins().size();
  tell(client, room_failed{room_name{"r"}, room});
  CHECK(heard().empty());
  CHECK(sockets[0].forgiven.contains(id));
  CHECK_FALSE(ended(client));
  auto asked = joins();
  REQUIRE(asked.size() == before + 1);
  CHECK(asked.back().room == room_name{"r"});
  CHECK(asked.back().again);
  CHECK(asked.back().id.empty());
  CHECK_FALSE(asked.front().again);
}

TEST_CASE_METHOD(connection_fixture,
                 "what comes meanwhile waits for the room") {
  connect();
  enter("r");
  tell(client, room_failed{room_name{"r"}, room});
  say(R"({"type":"chat","room":"r","content":1})");
  CHECK(only<publish>(to_room).empty());
  auto before = served();
  let_in();
  CHECK(only<publish>(to_room).size() == 1);
  CHECK(heard().empty());
  // The join was none of the client's messages.
  CHECK(served() == before);
}

TEST_CASE_METHOD(connection_fixture, "a room that fails for good is told of") {
  connect();
  enter("r");
  tell(client, room_failed{room_name{"r"}, room});
  say(R"({"type":"chat","room":"r","content":1})");
  keep_out("r", "", ec::unavailable);
  auto said = heard();
  REQUIRE(said.size() == 2);
  CHECK(is_error(said[0], "unavailable"));
  CHECK(has(said[0], R"("room":"r")"));
  CHECK(is_error(said[1], "not_in_room"));
  enter("r");
  say(R"({"type":"chat","room":"r","content":1})");
  CHECK(only<publish>(to_room).size() == 1);
}

TEST_CASE_METHOD(connection_fixture, "a failure leaves joins to be answered") {
  connect();
  enter("r");
  say(R"({"type":"join","room":"r","id":2})");
  say(R"({"type":"chat","room":"r","content":1,"id":3})");
  tell(client, room_failed{room_name{"r"}, room});
  heard();
  SECTION("by the room that failed") {
    keep_out("r", "2", ec::internal);
    auto said = heard();
    REQUIRE(said.size() == 2);
    CHECK(is_error(said[0], "internal"));
    CHECK(has(said[0], R"("id":2)"));
    CHECK(is_error(said[1], "not_in_room"));
    CHECK(has(said[1], R"("id":3)"));
  }
  SECTION("by the room that takes its name") {
    let_in();
    CHECK(heard().empty());
    CHECK(only<publish>(to_room).size() == 1);
  }
}

TEST_CASE_METHOD(connection_fixture, "the room before may fail late") {
  connect();
  enter("r");
  std::vector<caf::message> to_old;
  auto old = spawn_stub<room_actor>(to_old);
  tell(client, room_failed{room_name{"r"}, old});
  CHECK(heard().empty());
  say(R"({"type":"chat","room":"r","content":1})");
  CHECK(only<publish>(to_room).size() == 1);
}

TEST_CASE_METHOD(connection_fixture, "who has left hears of no failure") {
  connect();
  enter("r");
  say(leave_r);
  tell(client, room_failed{room_name{"r"}, room});
  CHECK(heard().empty());
  // The leave may be lost.
  CHECK(sockets[0].forgiven.contains(id));
}

TEST_CASE_METHOD(connection_fixture, "a join hands on what it wants") {
  connect();
  say(R"({"type":"join","room":"r","since":{"epoch":"1f-2","seq":7},)"
      R"("rewind":5,"presence":true})");
  REQUIRE(joins().size() == 1);
  CHECK(joins()[0].wants == join_wishes{{{0x1F, 2}, 7}, 5, true});
}

TEST_CASE_METHOD(connection_fixture, "all that concerns a room goes to it") {
  connect();
  enter("r");
  say(R"({"type":"chat","room":"r","content":1,"key":"k"})");
  say(R"({"type":"signal","room":"r","name":"typing","data":true,"id":2})");
  say(R"({"type":"history","room":"r","before":9,"limit":5,"id":3})");
  say(R"({"type":"presence","room":"r","data":{"mood":1},"id":4})");
  REQUIRE(to_room.size() == 4);
  CHECK(to_room[0].get_as<publish>(0).key == "k");
  auto& said = to_room[1].get_as<signal_message>(0);
  CHECK(said.id.str() == "2");
  CHECK(said.connection == id);
  CHECK(said.name == "typing");
  CHECK(said.data == "true");
  auto& asked = to_room[2].get_as<history_query>(0);
  CHECK(asked.id.str() == "3");
  CHECK(asked.connection == id);
  CHECK(asked.before == 9);
  CHECK(asked.limit == 5);
  auto& shown = to_room[3].get_as<presence_update>(0);
  CHECK(shown.id.str() == "4");
  CHECK(shown.connection == id);
  CHECK(shown.data == R"({"mood":1})");
  // The room serves them.
  CHECK(served() == 1);
}

TEST_CASE_METHOD(connection_fixture, "nothing goes to a room one is not in") {
  connect();
  for (auto rest :
       {R"("chat","content":1,"key":"k")", R"("history")",
        R"("signal","name":"n","data":1)", R"("presence","data":1)"})
    say(R"({"room":"r","id":1,"type":)" + std::string{rest} + "}");
  auto all = heard();
  REQUIRE(all.size() == 4);
  for (auto& text : all)
    CHECK(is_error(text, "not_in_room"));
  CHECK(to_room.empty());
  CHECK(served() == 4);
}

TEST_CASE_METHOD(connection_fixture, "too much presence is too large") {
  connect();
  enter("r");
  auto show = [&](size_t bytes) {
    say(R"({"type":"presence","room":"r","id":1,"data":")"
        + std::string(bytes - 2, 'x') + R"("})");
  };
  show(max_presence_bytes);
  CHECK(to_room.size() == 1);
  show(max_presence_bytes + 1);
  CHECK(to_room.size() == 1);
  auto refused = heard();
  REQUIRE(refused.size() == 1);
  CHECK(is_error(refused[0], "too_large"));
  CHECK(served() == 2);
}
