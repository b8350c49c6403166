// SPDX-License-Identifier: MIT
#include "tests/actors/replica_world.hpp"

#include "tests/support/catch.hpp"

#include <algorithm>
#include <cstdlib>

using namespace parlor;
using namespace parlor::replication;
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

/// A replica at node 1, which is home, while its standby changes.
struct leader {
  void sit(incarnation standby) {
    port.sent.clear();
    is.sit(one, {++revision, one, standby, {one, two, three}});
  }

  /// Somebody who has nothing promises in a view.
  void promise_by(incarnation who, uint64_t in) {
    is.hear(who, promise{in, ++promises, 0, true, {}});
  }

  void ack_by(incarnation who) {
    is.hear(who, ack{is.epoch(), is.log().seq()});
  }

  bool asks() const {
    return std::ranges::any_of(port.sent, [](auto& what) {
      return std::holds_alternative<ask>(what);
    });
  }

  stub_port port;
  replica is{port, {}};
  uint64_t revision = 0;
  uint64_t promises = 0;
};

} // namespace

TEST_CASE("an ack of an earlier view is not one of this", "[replica]") {
  leader x;
  x.sit(two);
  x.promise_by(two, 1);
  x.promise_by(three, 1);
  x.is.submit("said");
  x.ack_by(two);
  REQUIRE(x.port.confirmed.size() == 1);
  REQUIRE(x.is.established() == 1);
  SECTION("its sender was replaced in between, and may have ended") {
    x.sit(three);
    x.sit(two);
    CHECK_FALSE(x.asks());
    x.is.tick();
    CHECK(x.asks());
    x.ack_by(two);
    CHECK(x.is.established() == 1);
    x.promise_by(two, 2);
    x.ack_by(two);
    CHECK(x.is.established() == 1);
    x.promise_by(two, 3);
    x.ack_by(two);
    CHECK(x.is.established() == 3);
  }
  SECTION("its sender has been the standby all the time") {
    x.sit(two);
    x.is.tick();
    CHECK_FALSE(x.asks());
    x.ack_by(two);
    CHECK(x.is.established() == 2);
  }
}

TEST_CASE("a new standby promises to the home that it follows", "[replica]") {
  relay x;
  x.resume_at(one, {1, 1}, {});
  x.sit(one, two);
  CHECK(x.is.joined());
  x.sit(one, three);
  auto* said = std::get_if<promise>(&x.port.sent.back());
  REQUIRE(said);
  CHECK(said->revision == 3);
  x.resume_at(one, {1, 1}, {});
  CHECK(std::holds_alternative<ack>(x.port.sent.back()));
  x.sit(one, three);
  CHECK(std::holds_alternative<ack>(x.port.sent.back()));
}

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

TEST_CASE("a state counts only with the entries that follow", "[replica]") {
  relay x;
  epoch first{1, 1}, second{2, 1};
  producer other{one, 1};
  x.resume_at(one, first, {});
  x.tell(one, first, 1, other, 1);
  x.sit(two, one);
  x.is.hear(two, resume{x.port.openings, second, {first, 7}, {}, "state", 9});
  x.tell(two, second, 8, other, 8);
  CHECK_FALSE(x.is.joined());
  // What it holds is what it had, for who asks now.
  CHECK(x.is.log().seq() == 1);
  SECTION("all of it comes") {
    x.tell(two, second, 9, other, 9);
    CHECK(x.is.joined());
    CHECK(x.is.log().seq() == 9);
  }
  SECTION("some of it does not") {
    x.is.hear(two, mark{second, 9, 7, 1});
    auto* again = std::get_if<promise>(&x.port.sent.back());
    REQUIRE(again);
    CHECK(again->holds.runs == std::vector<place>{{first, 1}});
    CHECK(x.is.log().seq() == 1);
  }
  SECTION("the link is lost") {
    x.is.lose_link(two);
    x.tell(two, second, 9, other, 9);
    CHECK_FALSE(x.is.joined());
    CHECK(x.is.log().seq() == 1);
  }
}

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

TEST_CASE("a replica that missed too much begins anew", "[replica]") {
  replica_world::chances how;
  how.within.entries = 2;
  CHECK(run_all(many, how).skipped > 0);
}
