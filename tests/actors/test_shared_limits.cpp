// SPDX-License-Identifier: MIT
#include "tests/actors/cluster_fixture.hpp"
#include "tests/support/catch.hpp"

using namespace parlor;
using namespace parlor::test;

namespace {

struct limited_rooms : cluster_fixture {
  void limit_announced(size_t most) {
    for (auto& x : nodes)
      x.env.limits.members_announced = most;
  }

  void limit_members(size_t most) {
    for (auto& x : nodes)
      x.env.limits.members_per_room = most;
  }

  room_state& room_at(node& x) {
    auto& rooms = state_of<directory_state>(x.core.directory).rooms;
    return state_of<room_state>(rooms.at(room_name{"r"}).handle);
  }

  /// Longer than a room waits before it tells how many there are.
  void settle_counts() { settle(12); }

  /// The others are told that a node is out.
  void lose_lease(node& x) {
    out.insert(x.stay);
    publish_view();
    settle();
  }

  void bring_back(node& x) {
    auto before = x.stay;
    expel(x);
    out.erase(before);
    publish_view();
    settle();
  }
};

constexpr const char* count_of_two
  = R"({"type":"members_count","room":"r","count":2})";

} // namespace

TEST_CASE_METHOD(limited_rooms,
                 "members are told how many are left in a very large room",
                 "[shared]") {
  limit_announced(2);
  auto& ann = connect(at(0), "ann", {"r"});
  connect(at(1), "bob", {"r"});
  auto& cay = connect(at(2), "cay", {"r"});
  settle_counts();
  take(ann);
  hang_up(cay);
  settle_counts();
  CHECK(take(ann) == texts{count_of_two});
}

TEST_CASE_METHOD(limited_rooms,
                 "members of a very large room are told of a dead node",
                 "[shared]") {
  limit_announced(1);
  auto& ann = connect(home_of("r"), "ann", {"r"});
  connect(standby_of("r"), "bob", {"r"});
  connect(bystander_of("r"), "cay", {"r"});
  settle_counts();
  take(ann);
  kill(bystander_of("r"));
  publish_view();
  settle_counts();
  CHECK(take(ann) == texts{count_of_two});
}

TEST_CASE_METHOD(limited_rooms,
                 "members who are brought in again find their places taken",
                 "[shared]") {
  limit_members(2);
  auto& far = bystander_of("r");
  auto& ann = connect(far, "ann", {"r"});
  auto& bob = connect(home_of("r"), "bob", {"r"});
  lose_lease(far);
  connect(standby_of("r"), "cay", {"r"});
  CHECK(room_at(home_of("r")).shared->everyone().size() == 2);
  take(ann);
  take(bob);
  bring_back(far);
  auto heard = take(ann);
  CAPTURE(heard);
  REQUIRE_FALSE(heard.empty());
  CHECK(is_error(heard.back(), "room_full"));
  say(bob, chat_of("r", "1"));
  CHECK(take(ann).empty());
  say(ann, R"({"type":"chat","room":"r","content":2,"id":1})");
  CHECK(is_error(take(ann).at(0), "not_in_room"));
}
