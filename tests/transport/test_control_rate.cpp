// SPDX-License-Identifier: MIT
#include "transport/control_rate.hpp"

#include "tests/support/catch.hpp"

using namespace parlor::transport;
using namespace std::chrono_literals;

TEST_CASE("control frames have a rate", "[control_rate]") {
  control_rate::time_point now{1h};
  control_rate rate;
  for (auto i = 0; i < control_rate::most; ++i)
    REQUIRE(rate.allows(1, now));
  CHECK_FALSE(rate.allows(1, now));
  SECTION("what was refused counts, too") {
    CHECK_FALSE(rate.allows(1, now + control_rate::interval));
    CHECK(rate.allows(1, now + 10s));
  }
  SECTION("after a while there are as many again, and no more") {
    now += 1h;
    CHECK(rate.allows(control_rate::most, now));
    CHECK_FALSE(rate.allows(1, now));
  }
}

TEST_CASE("who keeps to the rate is never refused", "[control_rate]") {
  control_rate::time_point now{1h};
  control_rate rate;
  for (auto i = 0; i < 5 * control_rate::most; ++i)
    REQUIRE(rate.allows(1, now += control_rate::interval));
}
