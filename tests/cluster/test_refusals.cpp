// SPDX-License-Identifier: MIT
#include "cluster/links/refusals.hpp"

#include "tests/support/catch.hpp"

using parlor::cluster::refusals;

TEST_CASE("an address that refuses twice in a row may be of the dead") {
  refusals x;
  CHECK_FALSE(x.add(true));
  CHECK(x.add(true));
}

TEST_CASE("one that was connected to in between is not") {
  refusals x;
  CHECK_FALSE(x.add(true));
  CHECK_FALSE(x.add(false));
  CHECK_FALSE(x.add(true));
  CHECK_FALSE(x.add(false));
  CHECK_FALSE(x.add(true));
  CHECK(x.add(true));
}
