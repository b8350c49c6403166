// SPDX-License-Identifier: MIT
#include "transport/heartbeat.hpp"

#include "tests/support/catch.hpp"

using namespace parlor::transport;
using namespace std::chrono_literals;

namespace {

const heartbeat::time_point start{1000s};

heartbeat beating() {
  heartbeat result{15s, 30s};
  result.start(start);
  return result;
}

} // namespace

TEST_CASE("a ping is due every interval", "[heartbeat]") {
  auto x = beating();
  CHECK_FALSE(x.ping_due(start + 14s));
  CHECK(x.ping_due(start + 15s));
  x.ping(start + 15s);
  CHECK_FALSE(x.ping_due(start + 29s));
  CHECK(x.ping_due(start + 30s));
}

TEST_CASE("a ping is a whole frame", "[heartbeat]") {
  auto x = beating();
  auto bytes = x.ping(start);
  REQUIRE(bytes.size() == 10);
  CHECK(bytes[0] == char(0x89));
  CHECK(bytes[1] == 8);
}

TEST_CASE("a peer is silent when nothing came in time", "[heartbeat]") {
  auto x = beating();
  CHECK_FALSE(x.silent(start + 29s));
  CHECK(x.silent(start + 30s));
  x.heard(start + 20s);
  CHECK_FALSE(x.silent(start + 49s));
  CHECK(x.silent(start + 50s));
}

TEST_CASE("the pong of the last ping measures the round trip", "[heartbeat]") {
  auto x = beating();
  CHECK_FALSE(x.round_trip());
  auto payload = x.ping(start + 15s).substr(2);
  x.pong(payload, start + 15s + 1500us);
  CHECK(x.round_trip() == 1500us);
}

TEST_CASE("a pong that nobody asked for measures nothing", "[heartbeat]") {
  auto x = beating();
  auto earlier = x.ping(start + 15s).substr(2);
  x.ping(start + 30s);
  x.pong(earlier, start + 31s);
  x.pong("", start + 31s);
  x.pong("12345678", start + 31s);
  CHECK_FALSE(x.round_trip());
}

TEST_CASE("who takes what is ahead of a ping is not silent", "[heartbeat]") {
  auto x = beating();
  x.taken(1000, start + 15s);
  x.ping(start + 15s, 5000);
  x.taken(3000, start + 29s);
  CHECK_FALSE(x.silent(start + 58s));
  CHECK(x.silent(start + 59s));
  // Another ping changes nothing of the first one's place.
  x.ping(start + 30s, 9000);
  x.taken(4000, start + 45s);
  CHECK_FALSE(x.silent(start + 74s));
  // Since then it can be answered, and what is behind it is no sign of life.
  x.taken(6000, start + 60s);
  x.taken(8000, start + 65s);
  CHECK(x.silent(start + 75s));
}

TEST_CASE("who takes nothing of what is ahead of a ping is silent",
          "[heartbeat]") {
  auto x = beating();
  x.taken(1000, start + 15s);
  x.ping(start + 15s, 5000);
  x.taken(1000, start + 20s);
  CHECK(x.silent(start + 30s));
}

TEST_CASE("that a ping was taken is no answer to it", "[heartbeat]") {
  auto x = beating();
  x.taken(1000, start + 15s);
  x.ping(start + 15s, 1000);
  x.taken(1010, start + 20s);
  x.ping(start + 30s, 1010);
  x.taken(1020, start + 30s);
  CHECK(x.silent(start + 30s));
}

TEST_CASE("silence is counted anew with the first ping behind an answer",
          "[heartbeat]") {
  auto x = beating();
  x.taken(1000, start + 15s);
  x.ping(start + 15s, 5000);
  x.heard(start + 16s);
  // Nothing is awaited.
  x.taken(2000, start + 20s);
  CHECK(x.silent(start + 46s));
  x.ping(start + 30s, 9000);
  x.taken(6000, start + 40s);
  CHECK_FALSE(x.silent(start + 69s));
}

TEST_CASE("a pause of ours is not the peer's silence", "[heartbeat]") {
  auto x = beating();
  x.excuse(60s, start + 80s);
  CHECK_FALSE(x.silent(start + 89s));
  CHECK(x.silent(start + 90s));
  // What came meanwhile has come.
  x.heard(start + 90s);
  x.excuse(60s, start + 91s);
  CHECK_FALSE(x.silent(start + 120s));
  CHECK(x.silent(start + 121s));
}

TEST_CASE("what is due is the earlier of ping and silence", "[heartbeat]") {
  auto x = beating();
  CHECK(x.due(true) == start + 15s);
  x.ping(start + 25s);
  CHECK(x.due(true) == start + 30s);
  CHECK(x.due(false) == start + 40s);
}
