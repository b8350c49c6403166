// SPDX-License-Identifier: MIT
#include "actors/directory.hpp"

#include "tests/actors/directory_fixture.hpp"
#include "tests/actors/orders.hpp"
#include "tests/support/catch.hpp"

#include <algorithm>

using namespace parlor;
using namespace parlor::test;

TEST_CASE_METHOD(directory_fixture, "a name is one room, for all who join it") {
  auto& ann = enter("r");
  auto& bob = enter("r");
  auto& carol = enter("s");
  REQUIRE(ann.room());
  CHECK(ann.room() == bob.room());
  CHECK(ann.room() != carol.room());
  REQUIRE(find("r").rooms.size() == 1);
  CHECK(find("r").rooms[0].handle == ann.room());
  CHECK(find("r").rooms[0].room.str() == "r");
  CHECK(find("t").rooms.empty());
}

TEST_CASE_METHOD(directory_fixture, "rooms with members are listed by name") {
  for (auto room : {"c", "a", "b", "a", "\xc3\xa4"})
    enter(room);
  CHECK(occupied() == names{"a", "b", "c", "\xc3\xa4"});
  CHECK(count() == 4);
}

TEST_CASE_METHOD(directory_fixture, "a room ends with its last member") {
  auto& ann = enter("r");
  auto& bob = enter("r");
  auto room = ann.room();
  part(ann);
  run();
  CHECK(occupied() == names{"r"});
  part(bob);
  run();
  CHECK(ended(room));
  CHECK(occupied().empty());
  CHECK(count() == 0);
  CHECK(find("r").rooms.empty());
  CHECK(state().rooms.empty());
}

TEST_CASE_METHOD(directory_fixture, "a room that opens anew is another room") {
  auto& ann = enter("r");
  auto first = epoch_of(ann.room());
  auto room = ann.room();
  part(ann);
  run();
  ask_in(ann, "r");
  run();
  CHECK(ann.room() != room);
  CHECK(epoch_of(ann.room()) > first);
  CHECK(count() == 1);
}

TEST_CASE_METHOD(directory_fixture, "a post opens a room for its own time") {
  auto receipt = post_to("r");
  REQUIRE(receipt);
  CHECK(receipt->seq == 1);
  CHECK(receipt->epoch.revision == env.revision);
  CHECK(state().rooms.empty());
  CHECK(occupied().empty());
  CHECK(count() == 0);
}

TEST_CASE_METHOD(directory_fixture, "a post to a room is numbered in it") {
  auto& ann = enter("r");
  auto receipt = post_to("r");
  REQUIRE(receipt);
  CHECK(receipt->seq == 2);
  CHECK(receipt->epoch == epoch_of(ann.room()));
  CHECK(count() == 1);
}

TEST_CASE_METHOD(directory_fixture, "no epoch is used twice") {
  std::set<epoch> seen;
  for (auto i = 0; i < 20; ++i) {
    // Or it would fail too often.
    advance(room_failure_window);
    CHECK(seen.insert(post_to("r")->epoch).second);
    CHECK(seen.insert(post_to("s")->epoch).second);
    auto& one = enter("r");
    CHECK(seen.insert(epoch_of(one.room())).second);
    if (i % 2 == 0)
      crash("r");
    else
      part(one);
    run();
  }
}

TEST_CASE_METHOD(directory_fixture, "there are so many rooms at most") {
  env.limits.rooms = 2;
  auto& ann = enter("a");
  enter("b");
  auto& late = make();
  ask_in(late, "c", "7");
  run();
  auto refused = only<not_joined>(late.heard);
  REQUIRE(refused.size() == 1);
  CHECK(refused[0].room.str() == "c");
  CHECK(refused[0].code == ec::limit_exceeded);
  CHECK(refused[0].id.str() == "7");
  auto receipt = post_to("c");
  REQUIRE_FALSE(receipt);
  CHECK(to_ec(receipt.error()) == ec::limit_exceeded);
  SECTION("a room that is there may be joined and posted to") {
    CHECK(enter("a").room() == ann.room());
    CHECK(post_to("b"));
  }
  SECTION("a room less makes place for another") {
    part(ann);
    run();
    CHECK(post_to("c"));
    CHECK(enter("c").room());
  }
}

TEST_CASE_METHOD(directory_fixture, "a welcome lists rooms with members") {
  auto& ann = enter("b");
  enter("a");
  post_to("c");
  tell(directory, welcome{ann.handle});
  auto told = only<admitted>(ann.heard);
  REQUIRE(told.size() == 1);
  CHECK(told[0].rooms == R"(["a","b"])");
}

TEST_CASE_METHOD(directory_fixture, "a welcome lists rooms as they are now") {
  auto& ann = enter("b");
  auto welcomed = [&] {
    tell(directory, welcome{ann.handle});
    return only<admitted>(ann.heard).back().rooms;
  };
  CHECK(welcomed() == R"(["b"])");
  enter("a");
  CHECK(welcomed() == R"(["a","b"])");
  tell(directory, occupancy{room_name{"a"}, false});
  CHECK(welcomed() == R"(["b"])");
}

TEST_CASE_METHOD(directory_fixture, "a welcome lists at most 100 rooms") {
  auto& ann = make();
  for (auto i = 0; i < 130; ++i)
    ask_in(ann, "room " + std::to_string(i));
  run();
  tell(directory, welcome{ann.handle});
  auto told = only<admitted>(ann.heard);
  REQUIRE(told.size() == 1);
  CHECK(std::ranges::count(told[0].rooms, ',') == 99);
  CHECK(count() == 130);
}

TEST_CASE_METHOD(directory_fixture, "a failed room is told of, its name free") {
  auto& ann = enter("r");
  enter("s");
  auto crashed = ann.room();
  auto before = epoch_of(crashed);
  crash("r");
  auto told = only<room_failed>(ann.heard);
  REQUIRE(told.size() == 1);
  CHECK(told[0].room.str() == "r");
  CHECK(told[0].handle == crashed);
  CHECK(ended(crashed));
  CHECK(occupied() == names{"s"});
  CHECK(count() == 1);
  auto& bob = enter("r");
  REQUIRE(bob.room());
  CHECK(bob.room() != crashed);
  CHECK(epoch_of(bob.room()) > before);
  CHECK(occupied() == names{"r", "s"});
}

TEST_CASE_METHOD(directory_fixture, "who fails too often is not opened") {
  for (auto i = 0; i < 3; ++i) {
    enter("r");
    crash("r");
    advance(std::chrono::seconds{1});
  }
  auto& ann = make();
  ask_in(ann, "r");
  run();
  auto refused = only<not_joined>(ann.heard);
  REQUIRE(refused.size() == 1);
  CHECK(refused[0].code == ec::unavailable);
  auto posted = post_to("r");
  REQUIRE_FALSE(posted);
  CHECK(to_ec(posted.error()) == ec::unavailable);
  CHECK(enter("s").room());
  // The first of the failures is 10 s ago.
  advance(std::chrono::seconds{7});
  CHECK(enter("r").room());
}

TEST_CASE_METHOD(directory_fixture, "a probe goes through the canary room") {
  auto first = ask<post_receipt>(directory, atom::probe_v);
  auto second = ask<post_receipt>(directory, atom::probe_v);
  REQUIRE(first);
  REQUIRE(second);
  CHECK(second->seq == first->seq + 1);
  CHECK(second->epoch == first->epoch);
}

TEST_CASE_METHOD(directory_fixture, "the canary is in no list and no count") {
  env.limits.rooms = 1;
  auto& ann = enter("r");
  ask<post_receipt>(directory, atom::probe_v);
  CHECK(ann.room());
  CHECK(occupied() == names{"r"});
  CHECK(count() == 1);
  tell(directory, welcome{ann.handle});
  CHECK(only<admitted>(ann.heard).at(0).rooms == R"(["r"])");
}

TEST_CASE_METHOD(directory_fixture, "a directory describes itself") {
  auto shown = ask<report>(directory, state_query{});
  REQUIRE(shown);
  CHECK(shown->kind == "directory");
  CHECK(shown->actor == directory.id());
}

namespace {

/// Two join a room, one of them just as it fails.
struct join_meets_failure : directory_fixture {
  join_meets_failure() {
    first = &enter("r");
    second = &make();
  }

  void act() {
    env.now = []() -> event::timestamp { throw std::runtime_error{"no time"}; };
    caf::anon_send(first->room(), publish{{}, first->id, "1", false});
    ask_in(*second, "r");
  }

  void check() {
    CHECK(only<room_failed>(first->heard).size() == 1);
    auto lost = only<room_failed>(second->heard).size()
                + only<not_joined>(second->heard).size();
    CHECK(lost <= 1);
    CHECK(count() == 1 - lost);
    CHECK(state().rooms.size() == 1 - lost);
    if (lost == 0)
      CHECK_FALSE(ended(second->room()));
  }

  client* first;
  client* second;
};

/// Someone joins, or posts, while a room retires.
struct retirement_scenario : directory_fixture {
  retirement_scenario() {
    first = &enter("r");
    second = &make();
  }

  void check() {
    REQUIRE(second->room());
    CHECK_FALSE(ended(second->room()));
    REQUIRE(find("r").rooms.size() == 1);
    CHECK(find("r").rooms[0].handle == second->room());
    CHECK(count() == 1);
    CHECK(state().rooms.size() == 1);
    auto shown = ask<room_report>(second->room(), atom::describe_v);
    REQUIRE(shown);
    CHECK(shown->connections == 1);
  }

  client* first;
  client* second;
};

struct join_meets_retirement : retirement_scenario {
  void act() {
    part(*first);
    ask_in(*second, "r");
  }
};

struct join_meets_death : retirement_scenario {
  void act() {
    caf::anon_send_exit(first->handle, caf::exit_reason::kill);
    ask_in(*second, "r");
  }
};

struct post_and_join_meet_retirement : retirement_scenario {
  void act() {
    part(*first);
    caf::anon_send(directory, post{room_name{"r"}, user_id{"server"}, "1", ""});
    ask_in(*second, "r");
  }
};

struct post_meets_retirement : retirement_scenario {
  void act() {
    part(*first);
    caf::anon_send(directory, post{room_name{"r"}, user_id{"server"}, "1", ""});
  }

  void check() {
    CHECK(count() == 0);
    CHECK(state().rooms.empty());
  }
};

/// A join of one who has died since must not keep a room.
struct ghost_meets_retirement : retirement_scenario {
  void act() {
    part(*first);
    ask_in(*second, "r");
    caf::anon_send_exit(second->handle, caf::exit_reason::kill);
  }

  void check() {
    CHECK(count() == 0);
    CHECK(state().rooms.empty());
  }
};

} // namespace

TEST_CASE("a join on its way keeps a room that would end") {
  CHECK(in_every_order<join_meets_retirement>() > 3);
  CHECK(in_every_order<join_meets_death>() > 3);
  CHECK(in_every_order<post_and_join_meet_retirement>() > 3);
}

TEST_CASE("a join of a room that fails is answered") {
  CHECK(in_every_order<join_meets_failure>() > 3);
}

TEST_CASE("what keeps nobody keeps no room that would end") {
  CHECK(in_every_order<post_meets_retirement>() > 3);
  CHECK(in_every_order<ghost_meets_retirement>() > 3);
}
