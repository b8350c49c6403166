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

  /// Longer than a room waits before it tells how many there are.
  void settle_counts() { settle(12); }
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
