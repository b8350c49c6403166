// SPDX-License-Identifier: MIT
#include "tests/actors/replica_world.hpp"

#include "tests/support/catch.hpp"

#include <algorithm>
#include <cstdlib>
#include <stdexcept>

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
  bool fenced() const override { return is_fenced; }
  uint64_t next_opening() override { return ++openings; }

  /// How many letters of a kind there are.
  template <class T>
  auto count() const {
    return std::ranges::count_if(
      sent, [](auto& what) { return std::holds_alternative<T>(what); });
  }

  std::vector<letter> sent;
  bool is_fenced = false;
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
    is.hear(home, resume{last_promise().number, in, at, {}, {}, 0});
  }

  const promise& last_promise() const {
    for (auto i = port.sent.rbegin(); i != port.sent.rend(); ++i)
      if (auto* result = std::get_if<promise>(&*i))
        return *result;
    throw std::logic_error{"no promise"};
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

  /// Its last promise once more.
  void promise_again_by(incarnation who, uint64_t in) {
    is.hear(who, promise{in, promises, 0, true, {}});
  }

  void ack_by(incarnation who) {
    is.hear(who, ack{is.epoch(), is.log().seq()});
  }

  bool asks() const { return port.count<ask>() > 0; }

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
  auto first = x.last_promise().number;
  CHECK(x.is.joined());
  x.sit(one, three);
  CHECK(x.last_promise().revision == 3);
  // It has all that it was told, so it is not told again.
  CHECK(x.is.joined());
  CHECK(x.last_promise().number == first);
  CHECK(x.port.count<ack>() == 1);
  x.sit(one, three);
  CHECK(x.last_promise().revision == 3);
  CHECK(x.port.count<ack>() == 2);
}

TEST_CASE("what is under way is not sent again", "[replica]") {
  constexpr auto long_after = 50;
  epoch first{1, 1};
  SECTION("a command of a relay") {
    relay x;
    x.resume_at(one, first, {});
    x.is.submit("large");
    for (auto i = 0; i < long_after; ++i)
      x.is.tick();
    CHECK(x.port.count<proposal>() == 1);
  }
  SECTION("a promise, whose answer may come at any time") {
    relay x;
    auto number = x.last_promise().number;
    for (auto i = 0; i < long_after; ++i) {
      x.is.tick();
      x.is.hear(one, ask{x.revision});
    }
    // Those are a few bytes, and all the same.
    CHECK(x.last_promise().number == number);
    x.is.hear(one, resume{number, first, {}, {}, {}, 0});
    CHECK(x.is.joined());
    // Its home has lost it.
    x.is.hear(one, ask{x.revision});
    CHECK(x.last_promise().number > number);
    CHECK_FALSE(x.is.joined());
  }
  SECTION("a promise, in a view with the same home") {
    relay x;
    auto number = x.last_promise().number;
    x.sit(one, two);
    CHECK(x.last_promise().number == number);
    CHECK(x.last_promise().revision == 2);
    x.sit(two, one);
    CHECK(x.last_promise().number > number);
  }
  SECTION("the answer to a promise") {
    leader x;
    x.sit(two);
    x.promise_by(two, 1);
    x.promise_by(three, 1);
    REQUIRE(x.port.count<resume>() == 2);
    for (auto i = 0; i < long_after; ++i)
      x.promise_again_by(three, 1);
    CHECK(x.port.count<resume>() == 2);
    // That may have been lost.
    x.is.lose_link(three);
    x.promise_again_by(three, 1);
    CHECK(x.port.count<resume>() == 3);
    // It has lost some of it.
    x.promise_by(three, 1);
    CHECK(x.port.count<resume>() == 4);
  }
  SECTION("a log that is fetched") {
    leader x;
    x.sit(two);
    promise has{1, 1, 0, true, {{{first, 7}}, {}}};
    x.is.hear(two, promise{has});
    x.promise_by(three, 1);
    REQUIRE(x.port.count<fetch>() == 1);
    for (auto i = 0; i < long_after; ++i) {
      x.is.tick();
      x.is.hear(two, promise{has});
    }
    CHECK(x.port.count<fetch>() == 1);
    SECTION("its holder has another one by now") {
      has.number = 2;
      has.holds.runs = {{first, 8}};
      x.is.hear(two, promise{has});
      CHECK(x.port.count<fetch>() == 2);
    }
    SECTION("it is gone") {
      x.is.hear(two, promise{1, 0, 0, false, {}});
      CHECK(x.is.joined());
    }
  }
}

TEST_CASE("a home that was fenced asks for what it did not hear", "[replica]") {
  leader x;
  x.sit(two);
  x.promise_by(two, 1);
  x.promise_by(three, 1);
  x.port.is_fenced = true;
  x.is.hear(three, proposal{x.is.epoch(), 1, {{three, 1}, 1, "said"}});
  CHECK(x.is.restless());
  x.is.tick();
  CHECK(x.port.count<stale>() == 0);
  x.port.is_fenced = false;
  x.is.tick();
  x.is.tick();
  CHECK(x.port.count<stale>() == 1);
}

TEST_CASE("what has its place for good may be forgotten", "[replica]") {
  leader x;
  x.sit(two);
  x.promise_by(two, 1);
  x.promise_by(three, 1);
  x.is.submit("one");
  x.is.submit("two");
  CHECK(x.is.bytes_confirmed() == 0);
  CHECK_FALSE(x.is.forget_oldest());
  x.ack_by(two);
  x.is.submit("and this waits");
  CHECK(x.is.bytes_confirmed() == 6 + 2 * sizeof(entry));
  CHECK(x.is.forget_oldest());
  CHECK(x.is.bytes_confirmed() == 3 + sizeof(entry));
  CHECK(x.is.forget_oldest());
  CHECK_FALSE(x.is.forget_oldest());
  CHECK(x.is.log().before().seq == 2);
  CHECK(x.is.log().seq() == 3);
}

TEST_CASE("a home waits for one of two who have what was confirmed",
          "[replica]") {
  leader x;
  x.sit(two);
  x.promise_by(two, 1);
  x.promise_by(three, 1);
  x.is.submit("said");
  x.ack_by(two);
  REQUIRE(x.is.established() == 1);
  // Nobody reaches it: it gets neither rooms nor answers questions.
  x.is.sit(one, {2, three, one, {one, two, three}});
  x.revision = 2;
  x.sit(two);
  x.promise_by(two, 3);
  CHECK_FALSE(x.is.joined());
  for (auto i = 0; i < 3; ++i)
    x.is.tick();
  CHECK(x.is.joined());
}

TEST_CASE("a home waits for both who may have what was confirmed",
          "[replica]") {
  leader x;
  x.sit(two);
  x.promise_by(two, 1);
  x.promise_by(three, 1);
  x.ack_by(two);
  REQUIRE(x.is.established() == 1);
  x.is.sit(one, {2, three, two, {one, two, three}});
  x.revision = 2;
  x.sit(two);
  // It has nothing, as a room that has failed and opened again.
  x.promise_by(two, 3);
  for (auto i = 0; i < 50; ++i)
    x.is.tick();
  CHECK_FALSE(x.is.joined());
  x.promise_by(three, 3);
  CHECK(x.is.joined());
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
  x.is.hear(
    two, resume{x.last_promise().number, second, {first, 7}, {}, "state", 9});
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
