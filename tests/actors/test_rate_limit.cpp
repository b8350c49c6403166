// SPDX-License-Identifier: MIT
#include "actors/rate_limit.hpp"

#include "messages/limits.hpp"
#include "tests/support/catch.hpp"

using namespace parlor;
using namespace std::chrono_literals;

namespace {

using verdict = rate_limit::verdict;
using time_point = rate_limit::clock::time_point;

/// Any time; the value reads no clock.
constexpr time_point start{1h};

/// How many of `count` messages at one moment pass.
int passed(rate_limit& limit, time_point now, int count) {
  auto result = 0;
  for (auto i = 0; i < count; ++i)
    result += limit.judge(now) == verdict::pass;
  return result;
}

/// Sends `burst` messages every 100 ms from `from` to `to`; says when it was
/// hung up, or `to`.
time_point flood(rate_limit& limit, time_point from, time_point to, int burst) {
  for (auto now = from; now < to; now += 100ms)
    for (auto i = 0; i < burst; ++i)
      if (limit.judge(now) == verdict::hang_up)
        return now;
  return to;
}

} // namespace

TEST_CASE("a burst passes at once and no more") {
  rate_limit limit{10, 5};
  CHECK(passed(limit, start, 8) == 5);
}

TEST_CASE("messages pass at the sustained rate after the burst") {
  rate_limit limit{10, 5};
  passed(limit, start, 5);
  CHECK(limit.judge(start + 99ms) == verdict::refuse);
  CHECK(limit.judge(start + 101ms) == verdict::pass);
  CHECK(limit.judge(start + 102ms) == verdict::refuse);
  CHECK(passed(limit, start + 402ms, 9) == 3);
}

TEST_CASE("a long rest gives back the burst and no more") {
  rate_limit limit{10, 5};
  passed(limit, start, 5);
  CHECK(passed(limit, start + 1h, 100) == 5);
}

TEST_CASE("a rate of none lets everything pass") {
  rate_limit limit{0, 1};
  CHECK(passed(limit, start, 10000) == 10000);
}

TEST_CASE("who is refused learns when the next message passes") {
  rate_limit limit{10, 1};
  passed(limit, start, 1);
  CHECK(limit.judge(start) == verdict::refuse);
  CHECK(limit.retry_after() == 100ms);
  CHECK(limit.judge(start + 40ms) == verdict::refuse);
  CHECK(limit.retry_after() >= 60ms);
  CHECK(limit.retry_after() <= 61ms);
  CHECK(limit.judge(start + 40ms + limit.retry_after()) == verdict::pass);
}

TEST_CASE("the wait that is told is enough at every rate") {
  for (uint32_t rate : {1u, 3u, 7u, 50u, 999u, 3000u}) {
    rate_limit limit{rate, 1};
    limit.judge(start);
    REQUIRE(limit.judge(start) == verdict::refuse);
    REQUIRE(limit.retry_after() > 0ms);
    CHECK(limit.judge(start + limit.retry_after()) == verdict::pass);
  }
}

TEST_CASE("who floods for the whole window is hung up on, not before") {
  rate_limit limit{10, 5};
  auto end = flood(limit, start, start + 1h, 3);
  // The burst holds for 300 ms of it.
  CHECK(end >= start + abuse_window);
  CHECK(end <= start + abuse_window + 1s);
}

TEST_CASE("a pause starts the window anew") {
  rate_limit limit{10, 5};
  CHECK(flood(limit, start, start + 9s, 3) == start + 9s);
  CHECK(flood(limit, start + 11s, start + 20s, 3) == start + 20s);
}

TEST_CASE("a single refusal now and then never hangs up") {
  rate_limit limit{10, 2};
  for (auto now = start; now < start + 60s; now += 2s)
    CHECK(passed(limit, now, 3) == 2);
}
