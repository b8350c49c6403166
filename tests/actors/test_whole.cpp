// SPDX-License-Identifier: MIT
#include "tests/actors/invariants.hpp"
#include "tests/actors/orders.hpp"
#include "tests/support/catch.hpp"

#include <random>
#include <stdexcept>

using namespace parlor;
using namespace parlor::test;

TEST_CASE_METHOD(whole_fixture, "two clients connect, meet and chat") {
  auto& ann = connect("ann", {"r"});
  auto& bob = connect("bob", {"r"}, dialect::action);
  auto heard = take(ann.id);
  REQUIRE(heard.size() == 2);
  CHECK(has(heard[0], R"("type":"connected","user_id":"ann","rooms":[])"));
  CHECK(has(heard[1], R"("user_id":"bob","room":"r")"));
  CHECK(has(take(bob.id).at(0), R"("rooms":["r"])"));
  say(ann, chat_of("r", R"("hi")"));
  CHECK(count_of(take(ann.id), R"("content":"hi")") == 1);
  CHECK(count_of(take(bob.id), R"("type":"message")") == 1);
  check_indexes(*this);
  check_service(*this);
}

TEST_CASE_METHOD(whole_fixture, "every frame is served once, on every path") {
  env.limits.errors = 0;
  env.limits.members_per_room = 2;
  env.limits.rooms_per_connection = 2;
  env.limits.rooms = 2;
  auto& ann = connect("ann");
  auto& bob = connect("bob", {"r"});
  connect("carol", {"full"});
  connect("dave", {"full"});
  for (auto text : {
         R"({)",
         R"([])",
         R"({"type":"dance"})",
         R"({"type":"ping"})",
         R"({"type":"rooms"})",
         R"({"type":"join","room":"r"})",
         R"({"type":"join","room":"r","id":1})",
         R"({"type":"chat","room":"r","content":1})",
         R"({"type":"chat","room":"r","content":1,"id":2})",
         R"({"type":"chat","room":"r","content":1,"exclude_self":true})",
         R"({"type":"members","room":"r"})",
         R"({"type":"members","room":"r","id":3})",
         R"({"type":"join","room":"full"})",
         R"({"type":"join","room":"one too many"})",
         R"({"type":"leave","room":"r"})",
         R"({"type":"leave","room":"r"})",
         R"({"type":"chat","room":"r","content":1})",
         R"({"type":"members","room":"r"})",
         R"({"type":"private","to":"bob","content":1})",
         R"({"type":"private","to":"nobody","content":1,"id":4})",
         R"({"type":"private","to":"nobody","content":1})",
       }) {
    CAPTURE(text);
    say(ann, text);
    CHECK(served(ann) == ann.said);
  }
  // All at once, so that much is held.
  for (auto i = 0; i < 5; ++i) {
    say_soon(ann, join_of("r"));
    say_soon(ann, chat_of("r", "1"));
    say_soon(ann, leave_of("r"));
    say_soon(ann, chat_of("r", "1"));
    say_soon(ann, join_of("full"));
    say_soon(ann, chat_of("full", "1"));
  }
  run();
  CHECK(served(ann) == ann.said);
  CHECK(served(bob) == 0);
  check_indexes(*this);
}

TEST_CASE_METHOD(whole_fixture, "a text client hears lines") {
  auto& ann = connect("ann", {}, dialect::text);
  auto& bob = connect("bob", {}, dialect::text);
  CHECK(take(ann.id).empty());
  say(bob, "hello");
  CHECK(take(ann.id) == texts{"bob: hello"});
  hang_up(bob);
  CHECK(take(ann.id) == texts{"bob left the chat"});
  check_indexes(*this);
}

TEST_CASE_METHOD(whole_fixture, "the last word of a room is heard") {
  auto& ann = connect("ann", {"r"});
  take(ann.id);
  say_soon(ann, R"({"type":"leave","room":"r","id":5})");
  // The lanes are the last to have a turn, when the room has ended.
  auto is_lane = [](caf::resumable* job) {
    return dynamic_cast<pinned<lane_state>*>(job) != nullptr;
  };
  scheduler().run_jobs_filtered([&](auto* job) { return !is_lane(job); });
  CHECK(directory().rooms.empty());
  run();
  CHECK(take(ann.id)
        == texts{R"({"type":"reply","id":5,"ok":true,"room":"r"})"});
  CHECK(served(ann) == 1);
}

TEST_CASE_METHOD(whole_fixture, "who goes is gone everywhere") {
  auto& ann = connect("ann", {"r", "s"});
  auto& bob = connect("bob", {"r"});
  take(bob.id);
  hang_up(ann);
  CHECK(count_of(take(bob.id), R"("type":"user_left","user_id":"ann")") == 1);
  CHECK(directory().rooms.size() == 1);
  check_indexes(*this);
  hang_up(bob);
  CHECK(directory().rooms.empty());
  CHECK(registry().residents.size() == 0);
}

TEST_CASE_METHOD(whole_fixture, "a connection that fails is gone everywhere") {
  auto& ann = connect("ann", {"r"});
  auto& bob = connect("bob", {"r"});
  take(bob.id);
  sockets[ann.id.thread()].broken = true;
  say(ann, R"({"type":"ping"})");
  CHECK(count_of(take(bob.id), R"("type":"user_left","user_id":"ann")") == 1);
  check_indexes(*this);
}

TEST_CASE_METHOD(whole_fixture, "members of a room that fails go on") {
  auto& ann = connect("ann", {"r"});
  auto& bob = connect("bob", {"s"});
  take(ann.id);
  take(bob.id);
  SECTION("where its own handler throws") {
    auto now = std::exchange(env.now, []() -> event::timestamp {
      throw std::runtime_error{"no time"};
    });
    say(ann, chat_of("r", "1"));
    env.now = now;
  }
  SECTION("where its lane's does") {
    sockets[ann.id.thread()].broken = true;
    say(ann, chat_of("r", "1"));
  }
  auto heard = take(ann.id);
  REQUIRE(heard.size() == 1);
  CHECK(has(heard[0], R"("type":"room_reset")"));
  CHECK(has(heard[0], R"("seq":1)"));
  CHECK(take(bob.id).empty());
  CHECK(sockets[ann.id.thread()].forgiven.contains(ann.id));
  CHECK(directory().rooms.size() == 2);
  check_indexes(*this);
  say(ann, chat_of("r", "1"));
  CHECK(has(take(ann.id).at(0), R"("seq":2)"));
}

TEST_CASE_METHOD(whole_fixture, "clients at random leave nothing behind") {
  env.limits.max_connections_per_user = 2;
  std::mt19937 random{20250102};
  const char* users[] = {"a", "b", "c", "d"};
  const char* rooms[] = {"r", "s", "t"};
  for (auto round = 0; round < 400; ++round) {
    auto* room = rooms[random() % 3];
    if (clients.empty() || random() % 8 == 0)
      connect_soon(users[random() % 4], {room});
    auto& one = clients[random() % clients.size()];
    switch (random() % 6) {
      case 0:
      case 1:
        say_soon(one, join_of(room));
        break;
      case 2:
        say_soon(one, leave_of(room));
        break;
      case 3:
        hang_up_soon(one);
        break;
      default:
        say_soon(one, chat_of(room, "1"));
    }
    if (random() % 5 == 0) {
      deliver(scheduler(), [&](size_t, size_t n) { return random() % n; });
      check_indexes(*this);
      check_service(*this);
    }
  }
  for (auto& one : clients)
    hang_up_soon(one);
  run();
  check_indexes(*this);
  CHECK(registry().residents.size() == 0);
  CHECK(registry().residents.user_count() == 0);
  advance(env.limits.history_ttl);
  advance(std::chrono::seconds{1});
  CHECK(env.kept() == 0);
  CHECK(directory().rooms.empty());
  CHECK(directory().occupied_rooms.empty());
}
