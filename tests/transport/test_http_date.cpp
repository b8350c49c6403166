// SPDX-License-Identifier: MIT
#include "transport/http_date.hpp"

#include "tests/support/catch.hpp"

using namespace parlor::transport;

TEST_CASE("a date is written as HTTP wants it", "[http_date]") {
  using std::chrono::seconds;
  using time = std::chrono::system_clock::time_point;
  // The example of RFC 9110 §5.6.7.
  CHECK(http_date(time{seconds{784'111'777}})
        == "Sun, 06 Nov 1994 08:49:37 GMT");
  CHECK(http_date(time{}) == "Thu, 01 Jan 1970 00:00:00 GMT");
  CHECK(http_date(time{seconds{1'709'164'799}})
        == "Wed, 28 Feb 2024 23:59:59 GMT");
}
