// SPDX-License-Identifier: MIT
#include "app/participation.hpp"

#include "tests/support/catch.hpp"

namespace {

using namespace parlor;

const incarnation self{5};

participation in_with(reach now) {
  participation x;
  x.sit(self, now);
  return x;
}

} // namespace

TEST_CASE("a node takes part while it may still be linked") {
  CHECK(participation{}.wanted() == member_state::active);
  CHECK(in_with({}).wanted() == member_state::active);
  CHECK(in_with({2}).wanted() == member_state::active);
}

TEST_CASE("who reaches fewer than half of the others takes no part") {
  for (size_t others : {1, 2, 3, 4, 5})
    for (size_t missed = 0; missed <= others; ++missed)
      CHECK((in_with({others, others - missed, missed}).wanted()
             == member_state::active)
            == (others - missed >= missed));
}

TEST_CASE("who is linked takes part again, and goes on when links end") {
  auto x = in_with({2, 0, 2});
  CHECK(x.wanted() == member_state::draining);
  x.sit(self, {2, 1, 1});
  CHECK(x.wanted() == member_state::active);
  x.sit(self, {2, 0, 2});
  CHECK(x.wanted() == member_state::active);
  x.sit(self, {1, 0, 1});
  CHECK(x.wanted() == member_state::active);
}

TEST_CASE(
  "who reaches too few is given nothing while others are started anew") {
  auto x = in_with({2, 0, 2});
  x.sit(self, {1, 0, 1});
  x.sit(self, {2, 0, 1});
  CHECK(x.wanted() == member_state::draining);
  x.sit(self, {2, 1, 1});
  CHECK(x.wanted() == member_state::active);
}

TEST_CASE("who is left alone takes part") {
  auto x = in_with({1, 0, 1});
  CHECK(x.wanted() == member_state::draining);
  x.sit(self, {0, 0, 0});
  CHECK(x.wanted() == member_state::active);
}

TEST_CASE("links to a few others are not enough") {
  auto x = in_with({5, 2, 0});
  CHECK(x.wanted() == member_state::active);
  x.sit(self, {5, 2, 3});
  CHECK(x.wanted() == member_state::draining);
}

TEST_CASE("another stay begins without links") {
  auto x = in_with({2, 2, 0});
  x.sit(incarnation{6}, {2, 0, 2});
  CHECK(x.wanted() == member_state::draining);
}

TEST_CASE("who drains takes no part any more") {
  auto x = in_with({2, 2, 0});
  x.drain();
  CHECK(x.wanted() == member_state::draining);
}

TEST_CASE("who is not in reaches nobody") {
  CHECK_FALSE(participation{}.reaches_all());
  auto x = in_with({});
  CHECK(x.reaches_all());
  x.sit({}, {});
  CHECK_FALSE(x.reaches_all());
}

TEST_CASE("all are reached with a link to each of them") {
  CHECK(in_with({2, 2}).reaches_all());
  CHECK_FALSE(in_with({2, 1}).reaches_all());
  auto x = in_with({2, 2});
  x.sit(self, {2, 1});
  CHECK_FALSE(x.reaches_all());
}

TEST_CASE("who drains and cannot be linked to is not waited for") {
  CHECK_FALSE(in_with({3, 2, 1, 0}).reaches_all());
  CHECK(in_with({3, 2, 1, 1}).reaches_all());
  CHECK_FALSE(in_with({3, 1, 1, 1}).reaches_all());
}

TEST_CASE("who can link to too few reaches nobody, whatever they do") {
  CHECK_FALSE(in_with({1, 0, 1, 1}).reaches_all());
  CHECK_FALSE(in_with({3, 1, 2, 2}).reaches_all());
  auto x = in_with({3, 2, 1, 1});
  x.sit(self, {3, 1, 2, 2});
  CHECK(x.reaches_all());
}
