// SPDX-License-Identifier: MIT
#include "tests/actors/cluster_fixture.hpp"
#include "tests/support/catch.hpp"

using namespace parlor;
using namespace parlor::test;

namespace {

constexpr auto ann_joined = R"("type":"user_joined","user_id":"ann")";
constexpr auto ann_left = R"("type":"user_left","user_id":"ann")";
constexpr auto lost = R"("user_id":"ann","room":"r","reason":"node_down")";

/// Ann is in by a node that is neither home nor standby, bob by the home;
/// `presence.grace` is 5 s.
struct grace_fixture : cluster_fixture {
  grace_fixture() {
    for (auto& x : nodes)
      x.env.limits.presence_grace = std::chrono::seconds{5};
    take(bob);
  }

  void die(node& x) {
    kill(x);
    publish_view();
    settle();
  }

  node& home = home_of("r");
  node& far = bystander_of("r");
  client& bob = connect(home, "bob", {"r"});
  client& ann = connect(far, "ann", {"r"});
};

} // namespace

TEST_CASE_METHOD(grace_fixture, "grace is not for who was on a node that died",
                 "[shared]") {
  die(far);
  CHECK(count_of(take(bob), lost) == 1);
}

TEST_CASE_METHOD(grace_fixture, "grace ends with the node that waits",
                 "[shared]") {
  hang_up(ann);
  settle();
  CHECK(take(bob).empty());
  die(far);
  CHECK(count_of(take(bob), lost) == 1);
  settle(60);
  CHECK(take(bob).empty());
}

TEST_CASE_METHOD(grace_fixture, "who is back before the node dies never left",
                 "[shared]") {
  hang_up(ann);
  auto& again = connect(home, "ann", {"r"});
  take(again);
  CHECK(take(bob).empty());
  die(far);
  settle(60);
  auto heard = take(bob);
  CHECK(count_of(heard, ann_left) == 0);
  CHECK(count_of(heard, ann_joined) == 0);
}

TEST_CASE_METHOD(grace_fixture, "grace goes on where another node died",
                 "[shared]") {
  hang_up(ann);
  die(home);
  auto& cay = connect(far, "cay", {"r"});
  CHECK(count_of(take(cay), ann_left) == 0);
  settle(60);
  auto heard = take(cay);
  CHECK(count_of(heard, ann_left) == 1);
  CHECK(count_of(heard, R"("reason":"node_down")") == 0);
}
