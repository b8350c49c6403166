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

TEST_CASE("what is due is the earlier of ping and silence", "[heartbeat]") {
  auto x = beating();
  CHECK(x.due(true) == start + 15s);
  x.ping(start + 25s);
  CHECK(x.due(true) == start + 30s);
  CHECK(x.due(false) == start + 40s);
}
