// SPDX-License-Identifier: MIT
#include "tests/actors/directory_fixture.hpp"
#include "tests/actors/orders.hpp"
#include "tests/support/catch.hpp"

using namespace parlor;
using namespace parlor::test;
using namespace std::chrono_literals;

namespace {

/// Rooms keep what was said in them for 10 seconds.
struct vacant_fixture : directory_fixture {
  vacant_fixture() {
    env.limits.history_size = 256;
    env.limits.history_ttl = 10s;
  }

  bool is_open(const char* room) {
    return state().rooms.contains(room_name{room});
  }
};

} // namespace

TEST_CASE_METHOD(vacant_fixture, "an empty room stays for its history") {
  auto& ann = enter("r");
  auto room = ann.room();
  post_to("r");
  part(ann);
  run();
  CHECK_FALSE(ended(room));
  CHECK(occupied().empty());
  CHECK(count() == 0);
  CHECK(find("r").rooms.empty());
  tell(directory, welcome{ann.handle});
  CHECK(only<admitted>(ann.heard).at(0).rooms == "[]");
  SECTION("until that has expired") {
    advance(9s);
    CHECK_FALSE(ended(room));
    advance(2s);
    CHECK(ended(room));
    CHECK(state().rooms.empty());
    CHECK_FALSE(state().ticking);
  }
  SECTION("and is the same room to who joins it") {
    CHECK(enter("r").room() == room);
    CHECK(occupied() == names{"r"});
    advance(20s);
    CHECK_FALSE(ended(room));
  }
  SECTION("and for longer where something is said again") {
    advance(9s);
    CHECK(post_to("r")->seq == 4);
    advance(9s);
    CHECK_FALSE(ended(room));
    advance(2s);
    CHECK(ended(room));
  }
}

TEST_CASE_METHOD(vacant_fixture, "a post opens a room that stays") {
  auto first = post_to("r");
  auto second = post_to("r");
  CHECK(second->epoch == first->epoch);
  CHECK(second->seq == 2);
  advance(11s);
  CHECK(post_to("r")->epoch > first->epoch);
}

TEST_CASE_METHOD(vacant_fixture, "the oldest empty room gives its place") {
  env.limits.rooms = 3;
  post_to("a");
  advance(1s);
  post_to("b");
  enter("full");
  post_to("full");
  advance(1s);
  post_to("a");
  CHECK(enter("new").room());
  CHECK(is_open("a"));
  CHECK_FALSE(is_open("b"));
  CHECK(is_open("full"));
  CHECK(post_to("newer"));
  CHECK_FALSE(is_open("a"));
  enter("newer");
  CHECK_FALSE(post_to("newest"));
  CHECK(state().rooms.size() == 3);
  CHECK(count() == 3);
}

TEST_CASE_METHOD(vacant_fixture, "the oldest empty rooms give their memory") {
  env.limits.history_total_bytes = 20 * room_bytes;
  enter("full");
  post_to("full");
  for (auto i = 0; i < 30; ++i) {
    post_to(std::to_string(i).c_str());
    scheduler().advance_time(1ms);
    run();
    // What they are counts, not only what they keep.
    CHECK(state().vacant.bytes() <= env.limits.history_total_bytes);
  }
  CHECK(is_open("full"));
  CHECK_FALSE(is_open("0"));
  CHECK(is_open("29"));
  CHECK(state().vacant.size() < 20);
  CHECK(state().vacant.size() > 15);
}

TEST_CASE_METHOD(vacant_fixture, "a welcome lists no room of many empty ones") {
  auto& ann = enter("m");
  for (auto i = 0; i < 150; ++i)
    post_to(("a" + std::to_string(i)).c_str());
  enter("z");
  REQUIRE(state().vacant.size() == 150);
  tell(directory, welcome{ann.handle});
  CHECK(only<admitted>(ann.heard).at(0).rooms == R"(["m","z"])");
  CHECK(state().occupied_rooms.size() == 2);
}

/// Others have filled the memory of all rooms, and stay.
struct full_fixture : vacant_fixture {
  full_fixture() {
    env.limits.history_total_bytes = 200 * memory_share::step;
    for (auto room = 0; room < 8; ++room) {
      auto name = "flood " + std::to_string(room);
      enter(name);
      for (auto i = 0; i < 100; ++i)
        ask<post_receipt>(directory,
                          post{room_name{name}, user_id{"mallory"},
                               '"' + std::string(4000, 'x') + '"', "",
                               "key " + std::to_string(i)});
    }
  }
};

TEST_CASE_METHOD(full_fixture, "a new room has a history whoever holds most") {
  // Otherwise this shows nothing.
  REQUIRE(env.kept() > 190 * memory_share::step);
  auto& ann = enter("r");
  for (auto i = 0; i < 5; ++i)
    CHECK(post_to("r"));
  auto first = ask<post_receipt>(
    directory, post{room_name{"r"}, user_id{"ann"}, R"("mine")", "", "k"});
  // It floods on.
  for (auto i = 0; i < 200; ++i)
    post_to(("flood " + std::to_string(i % 8)).c_str());
  CHECK(env.kept() <= 200 * memory_share::step);
  take(ann.id);
  tell(ann.room(), history_query{request_id{"1"}, ann.id, UINT64_MAX, 100});
  CHECK(count_of(take(ann.id), R"("mine")") == 1);
  auto again = ask<post_receipt>(
    directory, post{room_name{"r"}, user_id{"ann"}, R"("mine")", "", "k"});
  CHECK(again->seq == first->seq);
  auto& bob = make();
  tell(directory, join{room_name{"r"},
                       request_id{"1"},
                       bob.id,
                       user_id{"bob"},
                       dialect::typed,
                       bob.handle,
                       false,
                       {{first->epoch, 1}, 0, false}});
  CHECK(count_of(take(bob.id), R"("recovered":true,"replayed":6)") == 1);
}

TEST_CASE_METHOD(full_fixture, "an empty room keeps what it has in a flood") {
  auto first = post_to("r");
  for (auto i = 0; i < 400; ++i)
    post_to(("flood " + std::to_string(i % 8)).c_str());
  advance(2s);
  REQUIRE(is_open("r"));
  auto room = state().rooms.at(room_name{"r"}).handle;
  CHECK(state_of<room_state>(room).log.size() == 1);
}

TEST_CASE_METHOD(vacant_fixture, "a room that fails while empty is forgotten") {
  post_to("r");
  crash("r");
  CHECK(state().rooms.empty());
  CHECK(state().vacant.empty());
  auto& ann = enter("r");
  advance(20s);
  CHECK_FALSE(ended(ann.room()));
}

TEST_CASE_METHOD(vacant_fixture, "the word of an older room counts no more") {
  auto before = post_to("r")->epoch;
  advance(11s);
  auto& ann = enter("r");
  tell(directory, retirement{room_name{"r"}, before, 1, true});
  CHECK_FALSE(ended(ann.room()));
  CHECK(occupied() == names{"r"});
}

namespace {

/// A room's time is over just as somebody comes back to it.
struct join_meets_expiry : vacant_fixture {
  join_meets_expiry() {
    first = &enter("r");
    room = first->room();
    before = post_to("r")->epoch;
    part(*first);
    run();
  }

  void act() {
    scheduler().advance_time(11s);
    caf::anon_send(directory, join{room_name{"r"},
                                   request_id{"1"},
                                   first->id,
                                   user_id{"u"},
                                   dialect::typed,
                                   first->handle,
                                   false,
                                   {{before, 2}, 0, false}});
  }

  void check() {
    CHECK(ended(room) == (first->room() != room));
    REQUIRE(first->room());
    CHECK_FALSE(ended(first->room()));
    CHECK(count() == 1);
    CHECK(state().rooms.size() == 1);
    CHECK(state().vacant.empty());
    // Nothing of it is left to recover, but for who has missed nothing.
    CHECK(has(take(first->id).back(), R"("recovered":false,"replayed":0)"));
  }

  client* first;
  room_actor room;
  epoch before;
};

/// The oldest empty room is needed just as somebody posts to it.
struct post_meets_eviction : vacant_fixture {
  post_meets_eviction() {
    env.limits.rooms = 1;
    post_to("r");
  }

  void act() {
    caf::anon_send(directory, post{room_name{"r"}, user_id{"a"}, "1", ""});
    caf::anon_send(directory, post{room_name{"s"}, user_id{"a"}, "1", ""});
    caf::anon_send(directory, post{room_name{"r"}, user_id{"a"}, "2", ""});
  }

  void check() {
    REQUIRE(state().rooms.size() == 1);
    auto& [name, room] = *state().rooms.begin();
    CHECK_FALSE(ended(room.handle));
    CHECK(state().vacant.size() == 1);
    CHECK(state_of<room_state>(room.handle).visits == room.visits);
  }
};

} // namespace

TEST_CASE("a join and its room's expiry agree in every order") {
  CHECK(in_every_order<join_meets_expiry>() >= 2);
}

TEST_CASE("posts and an eviction agree in every order") {
  CHECK(in_every_order<post_meets_eviction>() > 3);
}
