// SPDX-License-Identifier: MIT
#include "tests/explore/nodes/rooms_world.hpp"
#include "tests/explore/nodes/users_world.hpp"
#include "tests/explore/nodes/whole_world.hpp"
#include "tests/support/catch.hpp"

using namespace parlor::explore;

namespace {

using counts = std::map<std::string, size_t>;

/// What has happened in so many worlds, in which all was right.
template <class World>
counts play(uint64_t seeds) {
  counts result;
  for (uint64_t seed = 1; seed <= seeds; ++seed) {
    CAPTURE(seed);
    World one{seed};
    REQUIRE_NOTHROW((one.play(), one.check()));
    for (auto& [what, many] : one.counts())
      result[what] += many;
  }
  return result;
}

/// Bob, whose join had the number 3.
struct person_fixture {
  person_fixture() {
    bob.name = "bob";
    bob.hear(R"({"type":"reply","id":"join","ok":true,"room":"r","epoch":"1-1",)"
             R"("seq":3,"members":["ann","bob"]})");
  }

  void reset(uint64_t seq) {
    bob.hear(R"({"type":"room_reset","room":"r","epoch":"2-1","seq":)"
             + std::to_string(seq) + "}");
  }

  void come(uint64_t seq) {
    bob.hear(R"({"type":"user_joined","user_id":"bob","room":"r",)"
             R"("members":["ann","bob"],"seq":)"
             + std::to_string(seq) + "}");
  }

  void go(uint64_t seq) {
    bob.hear(R"({"type":"user_left","user_id":"bob","room":"r","seq":)"
             + std::to_string(seq) + "}");
  }

  person bob;
};

} // namespace

TEST_CASE_METHOD(person_fixture,
                 "who is in is not told that it has come or gone") {
  CHECK_THROWS_AS(go(4), violation);
  reset(4);
  CHECK_THROWS_AS(come(5), violation);
}

TEST_CASE_METHOD(person_fixture,
                 "whose join may be void is told nothing that is wrong for sure") {
  reset(3);
  go(4);
  CHECK_FALSE(bob.is_join_void);
  CHECK(bob.of_itself.find(R"("seq":4)") != std::string::npos);
}

TEST_CASE_METHOD(person_fixture,
                 "whose join is void may be told that its user comes and goes") {
  reset(2);
  come(3);
  go(4);
  CHECK(bob.is_told_gone());
  come(5);
  CHECK_FALSE(bob.is_told_gone());
  // Of its other connection's leaving nothing is left.
  reset(4);
  CHECK(bob.is_told_gone());
  reset(3);
  CHECK_FALSE(bob.is_told_gone());
}

TEST_CASE("rooms agree whatever fails between their nodes") {
  auto happened = play<rooms_world>(300);
  for (auto failure :
       {"killed", "started", "lease lost", "evicted", "suspended", "stopped",
        "outage", "link lost", "one way lost", "restarted", "ready"}) {
    CAPTURE(failure);
    CHECK(happened[failure] > 5);
  }
  CHECK(happened["confirmed"] > 1000);
  CHECK(happened["shown"] > 300);
  CHECK(happened["room_reset"] > 50);
  CHECK(happened["left"] > 100);
  CHECK(happened["not let in"] > 20);
  CHECK(happened["full"] > 5);
}

TEST_CASE("users agree at rest, whatever happened to the nodes") {
  auto happened = play<users_world>(300);
  for (auto failure : {"killed", "lease lost", "evicted", "suspended"}) {
    CAPTURE(failure);
    CHECK(happened[failure] > 10);
  }
  CHECK(happened["link lost"] > 1000);
  CHECK(happened["letters"] > 500);
}

TEST_CASE("users and rooms agree on five nodes") {
  auto happened = play<whole_world>(50);
  CHECK(happened["killed"] > 5);
  CHECK(happened["confirmed"] > 50);
  CHECK(happened["letters"] > 50);
}

TEST_CASE("a seed of several nodes draws the same world again") {
  rooms_world one{7};
  rooms_world other{7};
  one.play();
  other.play();
  CHECK_FALSE(one.told().empty());
  CHECK(one.told() == other.told());
  CHECK(one.counts() == other.counts());
}
