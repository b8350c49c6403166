// SPDX-License-Identifier: MIT
#include "tests/actors/room_fixture.hpp"
#include "tests/support/catch.hpp"

using namespace parlor;
using namespace parlor::test;

TEST_CASE_METHOD(room_fixture, "a join is answered with members and number") {
  auto alice = make(0, "alice");
  enter(alice, "1");
  CHECK(take(alice.id)
        == texts{R"({"type":"reply","id":1,"ok":true,"room":"r",)"
                 R"("epoch":"1-1","seq":1,"members":["alice"],)"
                 R"("recovered":false,"replayed":0})"});
  REQUIRE(only<joined>(to_connections).size() == 1);
  CHECK(only<joined>(to_connections)[0].handle == room);
}

TEST_CASE_METHOD(room_fixture, "the others hear of a join, on every thread") {
  auto alice = make(0, "alice");
  auto bob = make(1, "bob");
  enter(alice);
  enter(bob);
  CHECK(take(alice.id)
        == texts{R"({"type":"user_joined","user_id":"bob","room":"r",)"
                 R"("members":["alice","bob"],"seq":2})"});
  CHECK(take(bob.id).empty());
}

TEST_CASE_METHOD(room_fixture, "a joiner that speaks action hears of itself") {
  auto alice = make(0, "alice", dialect::action);
  enter(alice, "7");
  auto heard = take(alice.id);
  REQUIRE(heard.size() == 2);
  CHECK(heard[0].find(R"("type":"reply")") != std::string::npos);
  CHECK(heard[1]
        == R"({"type":"user_joined","user_id":"alice","room":"r",)"
           R"("members":["alice"],"seq":1})");
}

TEST_CASE_METHOD(room_fixture, "a user's second connection is no event") {
  auto first = make(0, "alice", dialect::action);
  auto second = make(1, "alice", dialect::action);
  enter(first);
  take(first.id);
  enter(second);
  CHECK(take(first.id).empty());
  CHECK(take(second.id)
        == texts{R"({"type":"user_joined","user_id":"alice","room":"r",)"
                 R"("members":["alice"],"seq":1})"});
  part(second);
  CHECK(take(first.id).empty());
  CHECK(state().order.seq() == 1);
}

TEST_CASE_METHOD(room_fixture, "a second join changes nothing") {
  auto alice = make(0, "alice", dialect::action);
  enter(alice, "1");
  take(alice.id);
  enter(alice, "2");
  CHECK(take(alice.id).size() == 1);
  CHECK(state().order.seq() == 1);
  CHECK(state().members.size() == 1);
  CHECK(only<joined>(to_connections).size() == 2);
  say(alice, "1");
  CHECK(take(alice.id).size() == 1);
}

TEST_CASE_METHOD(room_fixture, "all members get what is said, in one order") {
  auto alice = make(0, "alice");
  auto bob = make(1, "bob", dialect::action);
  enter(alice);
  enter(bob);
  take(alice.id);
  take(bob.id);
  say(alice, R"("hi")", "3");
  CHECK(take(alice.id)
        == texts{R"({"type":"chat","room":"r","content":"hi",)"
                 R"("sender":"alice","timestamp":)"
                 R"("2001-09-09T01:46:40.123Z","seq":3})",
                 R"({"type":"reply","id":3,"ok":true,"seq":3,)"
                 R"("epoch":"1-1"})"});
  CHECK(take(bob.id)
        == texts{R"({"type":"message","user_id":"alice","room":"r",)"
                 R"("content":"hi","timestamp":)"
                 R"("2001-09-09T01:46:40.123Z","seq":3})"});
}

TEST_CASE_METHOD(room_fixture,
                 "a publish is encoded once and sent once a lane") {
  auto one = make(0, "u0");
  enter(one);
  for (auto i = 1; i < 20; ++i)
    enter(make(uint8_t(i % 2), ("u" + std::to_string(i)).c_str()));
  auto before = sockets[0].broadcasts + sockets[1].broadcasts;
  say(one, "1");
  CHECK(sockets[0].broadcasts + sockets[1].broadcasts == before + 2);
}

TEST_CASE_METHOD(room_fixture, "who is left out of a message gets a skip") {
  auto alice = make(0, "alice");
  auto bob = make(0, "bob");
  enter(alice);
  enter(bob);
  take(alice.id);
  SECTION("a publisher by exclude_self") {
    say(alice, "1", "", true);
    CHECK(take(alice.id) == texts{R"({"type":"skip","room":"r","seq":3})"});
    CHECK(take(bob.id).size() == 1);
  }
  SECTION("a user by the API") {
    auto receipt = ask<post_receipt>(
      room, post{room_name{"r"}, user_id{"server"}, "1", "bob"});
    REQUIRE(receipt);
    CHECK(receipt->seq == 3);
    CHECK(take(bob.id) == texts{R"({"type":"skip","room":"r","seq":3})"});
    CHECK(take(alice.id).size() == 1);
  }
  SECTION("a connection by the API") {
    ask<post_receipt>(
      room, post{room_name{"r"}, user_id{"server"}, "1", to_string(bob.id)});
    CHECK(take(bob.id) == texts{R"({"type":"skip","room":"r","seq":3})"});
  }
}

TEST_CASE_METHOD(room_fixture, "a message is served once, on its own thread") {
  auto alice = make(0, "alice");
  auto bob = make(1, "bob");
  enter(alice);
  enter(bob);
  say(alice, "1", "5");
  CHECK(sockets[0].service[alice.id] == 1);
  CHECK(sockets[1].service.empty());
}

TEST_CASE_METHOD(room_fixture, "a stranger's message is refused and served") {
  auto alice = make(0, "alice");
  auto mallory = make(0, "mallory");
  enter(alice);
  take(alice.id);
  say(mallory, "1", "9");
  CHECK(take(alice.id).empty());
  auto heard = take(mallory.id);
  REQUIRE(heard.size() == 1);
  CHECK(heard[0].find("not_in_room") != std::string::npos);
  CHECK(sockets[0].service[mallory.id] == 1);
}

TEST_CASE_METHOD(room_fixture, "a leave is answered and told to the others") {
  auto alice = make(0, "alice");
  auto bob = make(0, "bob");
  enter(alice);
  enter(bob);
  take(alice.id);
  part(bob, "4");
  CHECK(take(bob.id)
        == texts{R"({"type":"reply","id":4,"ok":true,"room":"r"})"});
  CHECK(take(alice.id)
        == texts{R"({"type":"user_left","user_id":"bob","room":"r",)"
                 R"("reason":"left","seq":3})"});
  CHECK(sockets[0].service[bob.id] == 1);
}

TEST_CASE_METHOD(room_fixture,
                 "a member that is gone is removed, and why told") {
  auto alice = make(0, "alice");
  auto bob = make(1, "bob");
  enter(alice);
  enter(bob);
  take(alice.id);
  vanish(bob, departure::timeout);
  CHECK(take(alice.id)
        == texts{R"({"type":"user_left","user_id":"bob","room":"r",)"
                 R"("reason":"timeout","seq":3})"});
  CHECK(state().members.size() == 1);
  CHECK(state().monitored.size() == 1);
}

TEST_CASE_METHOD(room_fixture, "a join of one who has gone leaves no ghost") {
  auto ghost = make(0, "ghost");
  vanish(ghost, departure::closed);
  enter(ghost);
  CHECK(state().members.empty());
  CHECK(state().monitored.empty());
}

TEST_CASE_METHOD(room_fixture, "a rejoin after a leave is a member once") {
  auto alice = make(0, "alice");
  enter(alice);
  part(alice);
  enter(alice);
  take(alice.id);
  say(alice, "1");
  CHECK(take(alice.id).size() == 1);
  vanish(alice, departure::closed);
  CHECK(state().members.empty());
}

TEST_CASE_METHOD(room_fixture, "a full room refuses a join") {
  env.limits.members_per_room = 1;
  auto alice = make(0, "alice");
  auto bob = make(0, "bob");
  enter(alice);
  enter(bob, "2");
  auto refusals = only<not_joined>(to_connections);
  REQUIRE(refusals.size() == 1);
  CHECK(refusals[0].code == ec::room_full);
  CHECK(refusals[0].id.str() == "2");
  enter(alice, "3");
  CHECK(only<not_joined>(to_connections).size() == 1);
}

TEST_CASE_METHOD(room_fixture, "an empty room asks before it ends") {
  auto alice = make(0, "alice");
  enter(alice);
  part(alice);
  auto asked = only<retirement>(to_directory);
  REQUIRE(asked.size() == 1);
  CHECK(asked[0].visits == 1);
  CHECK_FALSE(ended(room));
  auto lane = state().lanes[0].handle;
  tell(room, atom::retired_v);
  CHECK(ended(room));
  CHECK(ended(lane));
}

TEST_CASE_METHOD(room_fixture, "a post to an empty room is numbered") {
  auto receipt = ask<post_receipt>(
    room, post{room_name{"r"}, user_id{"server"}, "1", ""});
  REQUIRE(receipt);
  CHECK(receipt->seq == 1);
  CHECK(only<retirement>(to_directory).back().visits == 1);
}

TEST_CASE_METHOD(room_fixture, "a long list of members is a count") {
  env.limits.members_listed = 1;
  auto alice = make(0, "alice");
  auto bob = make(0, "bob");
  enter(alice);
  enter(bob, "1");
  CHECK(take(alice.id).back().find(R"("member_count":2)") != std::string::npos);
  CHECK(take(bob.id).back().find(R"("member_count":2)") != std::string::npos);
}

TEST_CASE_METHOD(room_fixture,
                 "a very large room counts, at most once a second") {
  env.limits.members_announced = 1;
  auto alice = make(0, "alice");
  auto bob = make(0, "bob", dialect::action);
  enter(alice);
  take(alice.id);
  enter(bob);
  CHECK(take(alice.id).empty());
  CHECK(take(bob.id).size() == 1);
  CHECK(state().order.seq() == 1);
  advance(std::chrono::seconds{1});
  CHECK(take(alice.id)
        == texts{R"({"type":"members_count","room":"r","count":2})"});
  part(bob);
  CHECK(take(alice.id).empty());
  advance(std::chrono::seconds{1});
  CHECK(take(alice.id).size() == 1);
  advance(std::chrono::seconds{1});
  CHECK(take(alice.id).empty());
}

TEST_CASE_METHOD(room_fixture, "a silent join is no line of text") {
  auto reader = make(0, "reader", dialect::text);
  auto coder = make(0, "coder");
  enter(reader, "", true);
  enter(coder);
  CHECK(take(reader.id) == texts{"coder joined r"});
  enter(make(0, "late", dialect::text), "", true);
  CHECK(take(reader.id).empty());
  CHECK(take(coder.id).size() == 1);
}

TEST_CASE_METHOD(room_fixture, "a member asks who is here") {
  auto alice = make(0, "alice");
  enter(alice);
  take(alice.id);
  tell(room, members_query{request_id{"1"}, alice.id});
  CHECK(take(alice.id)
        == texts{R"({"type":"reply","id":1,"ok":true,"room":"r",)"
                 R"("members":["alice"]})"});
  CHECK(sockets[0].service[alice.id] == 1);
}

TEST_CASE_METHOD(room_fixture, "a room and its lane describe themselves") {
  auto alice = make(0, "alice");
  enter(alice);
  auto shown = ask<room_report>(room, atom::describe_v);
  REQUIRE(shown);
  CHECK(shown->connections == 1);
  CHECK(shown->users == std::vector{user_id{"alice"}});
  CHECK(ask<report>(room, state_query{})->kind == "room");
  CHECK(ask<report>(state().lanes[0].handle, state_query{})->kind == "lane");
}
