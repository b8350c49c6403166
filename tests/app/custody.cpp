// SPDX-License-Identifier: MIT
#include "app/custody.hpp"

#include "tests/support/catch.hpp"

#include <cstdint>

using namespace parlor;

TEST_CASE("where there is no room, nothing is in custody") {
  custody x;
  CHECK(x.all_since(UINT64_MAX));
}

TEST_CASE("the last room to be settled counts") {
  custody x;
  x.note(1, 7);
  x.note(2, 0);
  CHECK_FALSE(x.all_since(1));
  x.note(2, 6);
  CHECK(x.all_since(6));
  CHECK_FALSE(x.all_since(7));
  x.forget(2);
  CHECK(x.all_since(7));
  CHECK_FALSE(x.all_since(8));
}
