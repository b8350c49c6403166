// SPDX-License-Identifier: MIT
#include "tests/actors/replica_world.hpp"

#include "tests/support/catch.hpp"

using namespace parlor;
using parlor::test::replica_world;

namespace {

/// Runs many clusters; what is wrong names its seed.
replica_world::counts run_all(uint64_t seeds,
                              const replica_world::chances& how) {
  replica_world::counts all;
  for (uint64_t seed = 1; seed <= seeds; ++seed) {
    INFO("seed " << seed);
    try {
      replica_world world{seed, how};
      world.run(1500);
      world.settle_and_check();
      auto& seen = world.seen();
      all.confirmed += seen.confirmed;
      all.voided += seen.voided;
      all.skipped += seen.skipped;
      all.given_up += seen.given_up;
      all.lost_nodes += seen.lost_nodes;
    } catch (const parlor::test::wrong& e) {
      FAIL(e.what());
    }
  }
  return all;
}

} // namespace

TEST_CASE("nothing confirmed is lost where nothing fails", "[replica]") {
  auto seen = run_all(20, {3, {16, 12, 3}, 0, 0, 0, 0});
  CHECK(seen.confirmed > 0);
  CHECK(seen.voided == 0);
  CHECK(seen.given_up == 0);
}

TEST_CASE("nothing confirmed is lost in any cluster", "[replica]") {
  for (size_t nodes : {1, 2, 3, 4, 5}) {
    CAPTURE(nodes);
    replica_world::chances how;
    how.nodes = nodes;
    auto seen = run_all(300, how);
    CHECK(seen.confirmed > 0);
    if (nodes > 2) {
      CHECK(seen.lost_nodes > 0);
      CHECK(seen.voided > 0);
    }
  }
}

TEST_CASE("what is known of a state counts only with its entries", "[replica]") {
  replica_world::chances how;
  how.nodes = 2;
  replica_world world{4569, how};
  world.run(1500);
  CHECK_NOTHROW(world.settle_and_check());
}

TEST_CASE("a replica that missed too much begins anew", "[replica]") {
  replica_world::chances how;
  how.within.entries = 2;
  CHECK(run_all(300, how).skipped > 0);
}
