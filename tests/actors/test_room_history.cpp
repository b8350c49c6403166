// SPDX-License-Identifier: MIT
#include "tests/actors/heard.hpp"
#include "tests/actors/room_fixture.hpp"
#include "tests/support/catch.hpp"

using namespace parlor;
using namespace parlor::test;
using namespace std::chrono_literals;

namespace {

/// Ann says 1, bob comes, ann says 2, bob goes: five things.
struct past_fixture : room_fixture {
  past_fixture() : ann{make(0, "ann")}, bob{make(1, "bob")} {
    enter(ann);
    say(ann, "1");
    enter(bob);
    say(ann, "2");
    part(bob);
    take(ann.id);
    take(bob.id);
  }

  /// Who it is about, and the numbers, of what was replayed behind a reply.
  std::vector<std::string> replayed(const client& who) {
    auto heard = take(who.id);
    REQUIRE_FALSE(heard.empty());
    reply = heard[0];
    return {heard.begin() + 1, heard.end()};
  }

  bool replied(const char* part) {
    INFO(reply);
    return has(reply, part);
  }

  client ann;
  client bob;
  std::string reply;
};

} // namespace

TEST_CASE_METHOD(past_fixture,
                 "a join is told what it missed, then what is new") {
  recover(bob, 3);
  say(ann, "3");
  auto told = replayed(bob);
  CHECK(replied(R"("seq":6,"members":["ann","bob"],"recovered":true,)"
                R"("replayed":2})"));
  REQUIRE(told.size() == 3);
  CHECK(has(told[0], R"("content":2)"));
  CHECK(has(told[1], R"({"type":"user_left","user_id":"bob","room":"r",)"
                     R"("reason":"left","seq":5})"));
  CHECK(has(told[2], R"("seq":7})"));
}

TEST_CASE_METHOD(past_fixture, "a replayed join has no members") {
  recover(bob, 2);
  CHECK(replayed(bob).at(0)
        == R"({"type":"user_joined","user_id":"bob","room":"r","seq":3})");
}

TEST_CASE_METHOD(past_fixture, "in action the own join follows the replay") {
  auto carol = make(0, "carol", dialect::action);
  recover(carol, 4);
  auto told = replayed(carol);
  CHECK(replied(R"("seq":6)"));
  CHECK(replied(R"("replayed":1)"));
  REQUIRE(told.size() == 2);
  CHECK(has(told[0], R"("type":"user_left")"));
  CHECK(has(told[1], R"("user_id":"carol")"));
  CHECK(has(told[1], R"("seq":6})"));
}

TEST_CASE_METHOD(past_fixture, "who missed nothing has recovered") {
  recover(bob, 5);
  CHECK(replayed(bob).empty());
  CHECK(replied(R"("recovered":true,"replayed":0)"));
}

TEST_CASE_METHOD(past_fixture, "what cannot be whole is not begun") {
  SECTION("a number that never was") {
    recover(bob, 6);
  }
  SECTION("an epoch that never was") {
    recover(bob, 3, {1, 2});
  }
  SECTION("no place at all") {
    enter(bob, "0");
  }
  SECTION("what is too old") {
    advance(env.limits.history_ttl);
    recover(bob, 3);
  }
  SECTION("more than is kept") {
    env.limits.history_size = 2;
    say(ann, "3");
    recover(bob, 0);
  }
  CHECK(replayed(bob).empty());
  CHECK(replied(R"("recovered":false,"replayed":0)"));
}

TEST_CASE_METHOD(past_fixture, "a quiet room recovers when all is forgotten") {
  advance(env.limits.history_ttl);
  CHECK(state().log.empty());
  recover(bob, 5);
  replayed(bob);
  CHECK(replied(R"("recovered":true,"replayed":0)"));
}

TEST_CASE_METHOD(past_fixture, "a rewind replays the last chats") {
  SECTION("as many as are wanted") {
    rewind(bob, 1);
    auto told = replayed(bob);
    REQUIRE(told.size() == 1);
    CHECK(has(told[0], R"("content":2)"));
    CHECK(replied(R"("recovered":false,"replayed":1)"));
  }
  SECTION("or as there are") {
    rewind(bob, 1000);
    CHECK(replayed(bob).size() == 2);
    CHECK(replied(R"("replayed":2)"));
  }
  SECTION("whatever the place") {
    enter(bob, "0", false, {{{1, 1}, 4}, 1, false});
    CHECK(has(replayed(bob).at(0), R"("content":2)"));
    CHECK(replied(R"("recovered":false,"replayed":1)"));
  }
}

TEST_CASE_METHOD(past_fixture, "a second join is told nothing again") {
  recover(ann, 0);
  CHECK(replayed(ann).empty());
  CHECK(replied(R"("recovered":false,"replayed":0)"));
}

TEST_CASE_METHOD(past_fixture, "those who recover at once share their frames") {
  auto before = state().log.bytes();
  recover(make(0, "carol"), 2);
  auto after = state().log.bytes();
  // Bob's join was written for the first time.
  CHECK(after > before);
  // And this is carol's own join, which nobody has asked for yet.
  auto small = after - before;
  recover(make(1, "dave"), 2);
  CHECK(state().log.bytes() - after < 2 * small);
}

TEST_CASE_METHOD(past_fixture, "a member asks for the past") {
  auto ask_for = [&](uint64_t before, uint64_t limit, const char* request) {
    tell(room, history_query{request_id{request}, ann.id, before, limit});
    return take(ann.id);
  };
  auto all = ask_for(UINT64_MAX, 100, "7");
  REQUIRE(all.size() == 1);
  CHECK(all[0]
        == R"({"type":"reply","id":7,"ok":true,"room":"r","messages":[)"
           R"({"type":"chat","room":"r","content":1,"sender":"ann",)"
           R"("timestamp":"2001-09-09T01:46:40.123Z","seq":2},)"
           R"({"type":"chat","room":"r","content":2,"sender":"ann",)"
           R"("timestamp":"2001-09-09T01:46:40.123Z","seq":4}]})");
  CHECK(has(ask_for(4, 100, "7").at(0), R"("seq":2}]})"));
  CHECK(has(ask_for(UINT64_MAX, 1, "7").at(0), R"("messages":[{"type":"chat",)"
                                               R"("room":"r","content":2)"));
  CHECK(has(ask_for(2, 100, "7").at(0), R"("messages":[])"));
  CHECK(ask_for(UINT64_MAX, 100, "").empty());
  // Every query is served, and the two messages before.
  CHECK(sockets[0].service[ann.id] == 7);
}

TEST_CASE_METHOD(past_fixture, "a stranger is not told the past") {
  tell(room, history_query{request_id{"1"}, bob.id, UINT64_MAX, 100});
  auto heard = take(bob.id);
  REQUIRE(heard.size() == 1);
  CHECK(is_error(heard[0], "not_in_room"));
  CHECK(sockets[1].service[bob.id] == 2);
}

TEST_CASE_METHOD(past_fixture, "a text client rewinds lines") {
  auto carol = make(0, "carol", dialect::text);
  rewind(carol, 5);
  CHECK(take(carol.id) == texts{"ann: 1", "ann: 2"});
}

TEST_CASE_METHOD(past_fixture,
                 "who was left out finds the message in the past") {
  enter(bob);
  say(bob, "3", "", true);
  part(bob);
  take(bob.id);
  recover(bob, 6);
  CHECK(has(replayed(bob).at(0), R"("content":3)"));
}

TEST_CASE_METHOD(room_fixture, "a room in which nobody spoke does not stay") {
  auto ann = make(0, "ann");
  enter(ann);
  part(ann);
  auto asked = only<retirement>(to_directory);
  REQUIRE(asked.size() == 1);
  CHECK(asked[0].lingers == 0s);
  CHECK(asked[0].epoch == epoch{1, 1});
}

TEST_CASE_METHOD(room_fixture, "a room in which somebody spoke stays a while") {
  auto ann = make(0, "ann");
  enter(ann);
  say(ann, "1");
  advance(1min);
  part(ann);
  auto asked = only<retirement>(to_directory);
  REQUIRE(asked.size() == 1);
  // What happened last is that she left.
  CHECK(asked[0].lingers == env.limits.history_ttl);
  CHECK(asked[0].bytes == room_bytes + state().log.bytes());
}

TEST_CASE_METHOD(room_fixture, "without a history no room stays") {
  env.limits.history_size = 0;
  auto ann = make(0, "ann");
  enter(ann);
  say(ann, "1");
  part(ann);
  CHECK(only<retirement>(to_directory).at(0).lingers == 0s);
  CHECK(env.kept() == 0);
}

TEST_CASE_METHOD(room_fixture, "what is too old gives its memory back") {
  auto ann = make(0, "ann");
  enter(ann);
  say(ann, "1");
  CHECK(env.kept() > 0);
  advance(env.limits.history_ttl - 1s);
  CHECK(state().log.size() == 2);
  advance(30s);
  CHECK(state().log.empty());
  CHECK(env.kept() == 0);
  CHECK_FALSE(state().expiring);
  say(ann, "2");
  CHECK(state().expiring);
}

TEST_CASE_METHOD(room_fixture, "the canary keeps nothing") {
  room = spawn<room_state>(
    room_options{&env, directory, room_name{"r"}, {1, 2}, true});
  announce("0");
  CHECK(state().log.empty());
  CHECK_FALSE(state().expiring);
}

TEST_CASE_METHOD(room_fixture, "a very large room numbers chats alone") {
  env.limits.members_announced = 1;
  auto ann = make(0, "ann");
  auto bob = make(0, "bob");
  enter(ann);
  enter(bob);
  say(ann, "1");
  part(bob);
  take(bob.id);
  recover(bob, 1);
  auto heard = take(bob.id);
  REQUIRE(heard.size() == 2);
  CHECK(has(heard[0], R"("seq":2)"));
  CHECK(has(heard[0], R"("recovered":true,"replayed":1)"));
}

TEST_CASE_METHOD(room_fixture, "a count of members is not for who is behind") {
  env.limits.members_announced = 0;
  auto ann = make(0, "ann");
  enter(ann);
  take(ann.id);
  sockets[0].slow.insert(ann.id);
  advance(1s);
  CHECK(take(ann.id).empty());
}
