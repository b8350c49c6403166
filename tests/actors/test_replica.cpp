// SPDX-License-Identifier: MIT
#include "tests/actors/replica_world.hpp"

#include "tests/support/catch.hpp"

#include <cstdlib>

using parlor::test::replica_world;

namespace {

/// It takes a minute in all. Who runs it often has fewer (tests/mutation).
uint64_t count_of_worlds() {
  if (auto text = std::getenv("PARLOR_TEST_WORLDS"))
    return std::strtoull(text, nullptr, 10);
#ifdef NDEBUG
  return 5000;
#else
  return 300;
#endif
}

const uint64_t many = count_of_worlds();

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
      all += world.seen();
    } catch (const parlor::test::wrong& e) {
      FAIL(e.what());
    }
  }
  return all;
}

} // namespace

TEST_CASE("nothing confirmed is lost where nothing fails", "[replica]") {
  replica_world::chances calm;
  calm.cuts = calm.blinks = calm.losses = calm.fences = 0;
  calm.stalls = calm.outages = calm.visits = 0;
  auto seen = run_all(20, calm);
  CHECK(seen.confirmed > 0);
  CHECK(seen.voided == 0);
  CHECK(seen.given_up == 0);
}

TEST_CASE("nothing confirmed is lost in any cluster", "[replica]") {
  auto nodes = GENERATE(1, 2, 3, 4, 5);
  CAPTURE(nodes);
  replica_world::chances how;
  how.nodes = static_cast<size_t>(nodes);
  auto seen = run_all(many, how);
  CHECK(seen.confirmed > 0);
  CHECK(seen.outages > 0);
  if (nodes > 1) {
    CHECK(seen.blinks > 0);
    CHECK(seen.lost_early > 0);
    CHECK(seen.lost_at_once > 0);
    CHECK(seen.voided > 0);
  }
  if (nodes > 2)
    CHECK(seen.ended > 0);
}

TEST_CASE("what home and standby alone have is there when both are back",
          "[replica]") {
  auto nodes = GENERATE(3, 5);
  CAPTURE(nodes);
  replica_world::chances how;
  how.nodes = static_cast<size_t>(nodes);
  how.blackouts = 5;
  how.within.returns = 50;
  CHECK(run_all(many, how).blackouts > 0);
}

TEST_CASE("a replica that missed too much begins anew", "[replica]") {
  replica_world::chances how;
  how.within.entries = 2;
  CHECK(run_all(many, how).skipped > 0);
}
