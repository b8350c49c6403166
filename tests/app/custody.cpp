// SPDX-License-Identifier: MIT
#include "app/custody.hpp"

#include "tests/support/catch.hpp"

#include <cstdint>

using namespace parlor;

namespace {

const node_id self{"a"};

/// This node and two others.
view view_at(uint64_t revision, member_state state = member_state::active) {
  return {revision,
          {{self, incarnation{1}, "", 1, state},
           {node_id{"b"}, incarnation{2}, "", 1},
           {node_id{"c"}, incarnation{3}, "", 1}}};
}

void sit(custody& x, const view& now) {
  x.sit(now, now.find(self));
}

void drain(custody& x, uint64_t revision) {
  sit(x, view_at(revision, member_state::draining));
}

} // namespace

// -- a node that starts ------------------------------------------------------------

TEST_CASE("who is not in has not caught up") {
  custody x;
  CHECK_FALSE(x.caught_up(true));
  sit(x, view_at(5));
  CHECK(x.caught_up(true));
  x.sit({}, nullptr);
  CHECK_FALSE(x.caught_up(true));
}

TEST_CASE("the last room to be settled since a node came in counts") {
  custody x;
  sit(x, view_at(5));
  x.note(1, 7);
  x.note(2, 0);
  CHECK_FALSE(x.caught_up(true));
  x.note(2, 4);
  CHECK_FALSE(x.caught_up(true));
  x.note(2, 5);
  CHECK(x.caught_up(true));
}

TEST_CASE("who cannot be told of a room by all others has not caught up") {
  custody x;
  sit(x, view_at(5));
  CHECK_FALSE(x.caught_up(false));
  CHECK(x.caught_up(true));
  CHECK(x.caught_up(false));
}

TEST_CASE("who has caught up once is so until its stay ends") {
  custody x;
  sit(x, view_at(5));
  CHECK(x.caught_up(true));
  x.note(1, 0);
  sit(x, view_at(6));
  CHECK(x.caught_up(true));
  x.sit({}, nullptr);
  sit(x, view_at(8));
  CHECK_FALSE(x.caught_up(true));
  x.note(1, 8);
  CHECK(x.caught_up(true));
}

// -- a node that stops -------------------------------------------------------------

TEST_CASE("where there is no room, nothing is in custody") {
  custody x;
  CHECK(x.handed_over());
  drain(x, 5);
  CHECK(x.handed_over());
}

TEST_CASE("who does not drain in the view has handed nothing over") {
  custody x;
  sit(x, view_at(5));
  x.note(1, 5);
  CHECK_FALSE(x.handed_over());
  drain(x, 6);
  CHECK_FALSE(x.handed_over());
  x.note(1, 6);
  CHECK(x.handed_over());
}

TEST_CASE("who has handed over to nodes that are lost waits for the next") {
  custody x;
  drain(x, 5);
  x.note(1, 5);
  x.note(2, 5);
  CHECK(x.handed_over());
  drain(x, 6);
  CHECK_FALSE(x.handed_over());
  x.note(1, 6);
  CHECK_FALSE(x.handed_over());
  x.forget(2);
  CHECK(x.handed_over());
}

TEST_CASE("who is not in any more has handed over what it does not have") {
  custody x;
  drain(x, 5);
  x.note(1, 5);
  x.sit({}, nullptr);
  CHECK_FALSE(x.handed_over());
  x.forget(1);
  CHECK(x.handed_over());
}
