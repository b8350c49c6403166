// SPDX-License-Identifier: MIT
#include "tests/actors/heard.hpp"
#include "tests/actors/room_fixture.hpp"
#include "tests/support/catch.hpp"

using namespace parlor;
using namespace parlor::test;
using namespace std::chrono_literals;

namespace {

struct keys_fixture : room_fixture {
  keys_fixture() : ann{make(0, "ann")}, bob{make(1, "bob")} {
    enter(ann);
    enter(bob);
    take(ann.id);
    take(bob.id);
  }

  client ann;
  client bob;
};

} // namespace

TEST_CASE_METHOD(keys_fixture, "a message sent again is delivered once") {
  say(ann, "1", "7", false, "k");
  auto first = take(ann.id);
  REQUIRE(first.size() == 2);
  say(ann, "1", "7", false, "k");
  auto second = take(ann.id);
  REQUIRE(second.size() == 1);
  CHECK(second[0] == first[1]);
  CHECK(take(bob.id).size() == 1);
  CHECK(state().order.seq() == 3);
  CHECK(state().log.size() == 3);
}

TEST_CASE_METHOD(keys_fixture,
                 "a message sent again is served, with or without id") {
  say(ann, "1", "", false, "k");
  CHECK(sockets[0].service[ann.id] == 1);
  say(ann, "1", "", false, "k");
  CHECK(sockets[0].service[ann.id] == 2);
  say(ann, "1", "7", false, "k");
  CHECK(sockets[0].service[ann.id] == 3);
  CHECK(take(ann.id).size() == 2);
}

TEST_CASE_METHOD(keys_fixture, "another user's key is another key") {
  say(ann, "1", "", false, "k");
  say(bob, "2", "", false, "k");
  say(ann, "3", "", false, "l");
  say(ann, "4");
  say(ann, "5");
  CHECK(take(bob.id).size() == 5);
}

TEST_CASE_METHOD(keys_fixture, "the other connection of a user may repeat") {
  auto tab = make(1, "ann");
  enter(tab);
  take(tab.id);
  say(ann, "1", "", false, "k");
  say(tab, "1", "7", false, "k");
  auto heard = take(tab.id);
  REQUIRE(heard.size() == 2);
  CHECK(has(heard[1], R"("ok":true,"seq":3)"));
}

TEST_CASE_METHOD(keys_fixture, "a key is known for 5 minutes") {
  say(ann, "1", "", false, "k");
  advance(5min - 1s);
  say(ann, "1", "", false, "k");
  CHECK(take(bob.id).size() == 1);
  advance(1s);
  say(ann, "1", "", false, "k");
  CHECK(take(bob.id).size() == 1);
}

TEST_CASE_METHOD(keys_fixture, "a post sent again is posted once") {
  auto first = announce("1", "k");
  auto second = announce("2", "k");
  CHECK(first.seq == 3);
  CHECK(second.seq == 3);
  CHECK(second.epoch == first.epoch);
  CHECK(take(bob.id).size() == 1);
}

TEST_CASE_METHOD(keys_fixture, "the keys of the API are its own") {
  say(ann, "1", "", false, "k");
  auto as_ann = ask<post_receipt>(room,
                                  post{room_name{"r"}, ann.user, "2", "", "k"});
  REQUIRE(as_ann);
  CHECK(as_ann->seq == 4);
  auto as_server = announce("3", "k");
  CHECK(as_server.seq == 5);
  say(bob, "4", "", false, "k");
  auto heard = take(ann.id);
  REQUIRE(heard.size() == 4);
  CHECK_FALSE(has(heard[0], "origin"));
  CHECK(has(heard[1], R"("sender":"ann")"));
  CHECK(has(heard[1], R"("origin":"api")"));
  CHECK(has(heard[2], R"("origin":"api")"));
  CHECK_FALSE(has(heard[3], "origin"));
  // Each is known by its owner.
  CHECK(announce("3", "k").seq == 5);
  CHECK(take(ann.id).empty());
}

TEST_CASE_METHOD(room_fixture, "an empty room stays for the keys it knows") {
  env.limits.history_size = 0;
  announce("1", "k");
  CHECK(only<retirement>(to_directory).back().lingers == 5min);
  advance(1min);
  announce("1", "k");
  auto asked = only<retirement>(to_directory).back();
  CHECK(asked.visits == 2);
  CHECK(asked.lingers == 4min);
  CHECK(asked.bytes == room_bytes + state().keys.bytes());
  advance(5min);
  CHECK(state().keys.empty());
  CHECK(env.kept() == 0);
}
