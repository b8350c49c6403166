// SPDX-License-Identifier: MIT
#include "tests/actors/replica_fixture.hpp"
#include "tests/support/catch.hpp"

using namespace parlor;
using namespace parlor::test;

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
  // Nobody reaches the third: it gets neither rooms nor answers questions.
  x.be_replaced(one);
  REQUIRE(x.is.established() == 1);
  x.promise_by(two, 3);
  CHECK_FALSE(x.is.joined());
  for (auto i = 0; i < 3; ++i)
    x.is.tick();
  CHECK(x.is.joined());
}

TEST_CASE("a home waits for the return of both who have what was confirmed",
          "[replica]") {
  leader x;
  x.be_replaced(two);
  x.is.sit(one, {4, two, three, {one, two, three}});
  auto ticks = [&](unsigned many) {
    for (auto i = 0u; i < many; ++i)
      x.is.tick();
  };
  SECTION("one is there") {
    x.is.sit(one, {5, one, two, {one, two}});
    x.promise_by(two, 5);
    CHECK(x.is.joined());
  }
  SECTION("none is, and they may come in again") {
    x.is.sit(one, {5, one, {}, {one}});
    ticks(19);
    CHECK_FALSE(x.is.joined());
    ticks(1);
    CHECK(x.is.joined());
  }
}

TEST_CASE("a home waits for both who may have what was confirmed",
          "[replica]") {
  leader x;
  x.be_replaced(two);
  REQUIRE(x.is.established() == 1);
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
