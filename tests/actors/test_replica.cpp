// SPDX-License-Identifier: MIT
#include "tests/actors/replica_world.hpp"

#include "tests/support/catch.hpp"

using namespace parlor;
using namespace parlor::replication;
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

/// What a replica asks of the world, written down.
struct stub_port final : replica_port {
  void send(incarnation, letter what) override { sent.push_back(what); }
  void judge(command&) override {}
  void append(const entry&) override {}
  void undo(const entry&) override {}
  void skip(const place&, const std::string&, uint64_t) override {}
  std::string state() const override { return {}; }
  void open(const epoch&) override {}
  void confirm(uint64_t number, std::optional<place>) override {
    confirmed.push_back(number);
  }
  void give_up(uint64_t) override {}
  bool fenced() const override { return false; }
  uint64_t next_opening() override { return ++openings; }

  std::vector<letter> sent;
  std::vector<uint64_t> confirmed;
  uint64_t openings = 0;
};

const incarnation one{1}, two{2}, three{3};

/// A replica at node 3, which relays between the others.
struct relay {
  relay() { sit(one, two); }

  void sit(incarnation home, incarnation standby) {
    is.sit(three, {++revision, home, standby, {one, two, three}});
  }

  /// The answer to its last promise.
  void resume_at(incarnation home, const epoch& in, const place& at) {
    is.hear(home, resume{port.openings, in, at, {}, {}, 0});
  }

  void tell(incarnation home, const epoch& in, uint64_t seq,
            const producer& from, uint64_t number) {
    is.hear(home, decision{in, {{in, seq}, {from, number, "x"}}});
  }

  stub_port port;
  replica is{port, {}};
  uint64_t revision = 0;
};

} // namespace

TEST_CASE("what is void is not confirmed any more", "[replica]") {
  relay x;
  epoch first{1, 1}, second{2, 1};
  producer other{one, 1};
  x.resume_at(one, first, {});
  for (uint64_t i = 1; i <= 10; ++i)
    x.tell(one, first, i, other, i);
  x.is.hear(one, mark{first, 10, 10, 1});
  REQUIRE(x.is.confirmed() == 10);
  x.sit(two, one);
  x.resume_at(two, second, {first, 5});
  CHECK(x.is.confirmed() == 5);
  x.is.submit("mine");
  x.tell(two, second, 6, {three, 1}, 1);
  x.is.hear(two, mark{second, 6, 5, 1});
  CHECK(x.port.confirmed.empty());
  x.is.hear(two, mark{second, 6, 6, 2});
  CHECK(x.port.confirmed.size() == 1);
}

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
