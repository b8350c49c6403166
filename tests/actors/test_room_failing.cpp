// SPDX-License-Identifier: MIT
#include "messages/error.hpp"
#include "tests/actors/room_fixture.hpp"
#include "tests/support/catch.hpp"

#include <stdexcept>

using namespace parlor;
using namespace parlor::test;

namespace {

/// A room whose clock is broken, so that a publish throws.
struct failing_fixture : room_fixture {
  failing_fixture() : alice{make(0, "alice")}, bob{make(1, "bob")} {
    enter(alice);
    enter(bob);
    env.now = []() -> event::timestamp {
      throw std::runtime_error{"broken clock"};
    };
    to_connections.clear();
  }

  client alice;
  client bob;
};

} // namespace

TEST_CASE_METHOD(failing_fixture, "a failing room tells every member") {
  say(alice, "1");
  auto told = only<room_failed>(to_connections);
  REQUIRE(told.size() == 2);
  CHECK(told[0].handle == room);
  CHECK(state().members.empty());
}

TEST_CASE_METHOD(failing_fixture, "a failing room asks to be forgotten, once") {
  say(alice, "1");
  say(bob, "2");
  auto asked = only<retirement>(to_directory);
  REQUIRE(asked.size() == 1);
  CHECK(asked[0].failed);
  CHECK_FALSE(ended(room));
  tell(room, atom::retired_v);
  CHECK(ended(room));
}

TEST_CASE_METHOD(failing_fixture, "a failed room refuses what is on its way") {
  say(alice, "1");
  enter(make(0, "carol"), "7");
  auto refused = only<not_joined>(to_connections);
  REQUIRE(refused.size() == 1);
  CHECK(refused[0].code == ec::internal);
  CHECK(refused[0].id.str() == "7");
  auto posted = ask<post_receipt>(
    room, post{room_name{"r"}, user_id{"server"}, "1", ""});
  REQUIRE_FALSE(posted);
  CHECK(to_ec(posted.error()) == ec::internal);
}

TEST_CASE_METHOD(failing_fixture, "a post that fails a room is answered") {
  auto posted = ask<post_receipt>(
    room, post{room_name{"r"}, user_id{"server"}, "1", ""});
  REQUIRE_FALSE(posted);
  CHECK(only<room_failed>(to_connections).size() == 2);
}

TEST_CASE_METHOD(failing_fixture, "a lane that fails fails its room") {
  sockets[0].broken = true;
  tell(room, members_query{request_id{"1"}, alice.id});
  CHECK(only<room_failed>(to_connections).size() == 2);
  CHECK(only<retirement>(to_directory).size() == 1);
}

TEST_CASE_METHOD(room_fixture, "who comes from a failed room is told of this") {
  auto alice = make(0, "alice");
  auto bob = make(1, "bob", dialect::action);
  auto carol = make(0, "carol", dialect::text);
  enter_again(alice);
  CHECK(sockets[0].take(alice.id)
        == texts{R"({"type":"room_reset","room":"r","epoch":"1-1","seq":1,)"
                 R"("reason":"restart"})"});
  enter_again(bob);
  auto said = sockets[1].take(bob.id);
  REQUIRE(said.size() == 2);
  CHECK(
    said[0].starts_with(R"({"type":"room_reset","room":"r","epoch":"1-1")"));
  CHECK(said[1].starts_with(R"({"type":"user_joined")"));
  CHECK(sockets[0].take(alice.id).size() == 1);
  enter_again(carol);
  CHECK(sockets[0].take(carol.id).empty());
}
