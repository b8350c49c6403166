// SPDX-License-Identifier: MIT
#include "actors/home.hpp"

#include "tests/support/catch.hpp"

using namespace parlor;

TEST_CASE("a home numbers from one on, without a hole") {
  home order{{7, 3}};
  CHECK(order.seq() == 0);
  for (uint64_t i = 1; i <= 1000; ++i) {
    CHECK(order.next() == i);
    CHECK(order.seq() == i);
  }
}

TEST_CASE("a home keeps the epoch of its opening") {
  home order{{7, 3}};
  order.next();
  CHECK(order.epoch() == epoch{7, 3});
}
