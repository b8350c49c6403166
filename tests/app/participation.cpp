// SPDX-License-Identifier: MIT
#include "app/participation.hpp"

#include "tests/support/catch.hpp"

namespace {

using namespace parlor;

participation in_with(size_t others) {
  participation x;
  x.sit(incarnation{5}, others);
  return x;
}

} // namespace

TEST_CASE("a node takes part while it may still be linked") {
  CHECK(participation{}.wanted() == member_state::active);
  CHECK(in_with(0).wanted() == member_state::active);
  CHECK(in_with(2).wanted() == member_state::active);
}

TEST_CASE("who reaches fewer than half of the others takes no part") {
  for (size_t others : {1, 2, 3, 4, 5})
    for (size_t unlinked = 0; unlinked <= others; ++unlinked) {
      auto x = in_with(others);
      x.miss(unlinked);
      CHECK((x.wanted() == member_state::active)
            == (others - unlinked >= unlinked));
    }
}

TEST_CASE("who is linked takes part again, and goes on when links end") {
  auto x = in_with(2);
  x.miss(2);
  CHECK(x.wanted() == member_state::draining);
  x.link();
  CHECK(x.wanted() == member_state::active);
  x.miss(2);
  x.sit(incarnation{5}, 1);
  CHECK(x.wanted() == member_state::active);
}

TEST_CASE("another stay begins without links") {
  auto x = in_with(2);
  x.link();
  x.miss(2);
  x.sit(incarnation{6}, 2);
  CHECK(x.wanted() == member_state::draining);
}

TEST_CASE("who drains takes no part any more") {
  auto x = in_with(2);
  x.link();
  x.drain();
  CHECK(x.wanted() == member_state::draining);
}
