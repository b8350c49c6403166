// SPDX-License-Identifier: MIT
#include "cluster/links/guest_list.hpp"

#include "tests/support/catch.hpp"

#include <string>
#include <vector>

namespace {

using namespace parlor;
using cluster::guest_list;

member node(const std::string& id, uint64_t stay) {
  return {node_id{id}, incarnation{stay}, "127.0.0.1:1", 1,
          member_state::active};
}

view of(uint64_t revision, std::vector<member> members) {
  return {revision, std::move(members)};
}

bool welcome(const guest_list& x, const std::string& id, uint64_t stay) {
  return x.objection(node_id{id}, incarnation{stay}).empty();
}

} // namespace

TEST_CASE("a node that is not in has no links") {
  guest_list x{node_id{"b"}};
  CHECK_FALSE(x.is_in());
  CHECK_FALSE(welcome(x, "a", 1));
  CHECK_FALSE(x.update(of(5, {node("a", 4)})));
  CHECK_FALSE(welcome(x, "a", 4));
  CHECK(x.to_dial().empty());
}

TEST_CASE("lower ids are dialed, and all are welcome") {
  guest_list x{node_id{"b"}};
  CHECK(x.update(of(9, {node("a", 7), node("b", 8), node("c", 9)})));
  CHECK(x.is_in());
  CHECK(x.stay() == incarnation{8});
  CHECK(x.to_dial() == std::vector{node("a", 7)});
  CHECK(welcome(x, "a", 7));
  CHECK(welcome(x, "c", 9));
}

TEST_CASE("others are all members but this node") {
  guest_list x{node_id{"b"}};
  x.update(of(9, {node("a", 7), node("b", 8), node("c", 9)}));
  CHECK(x.others() == std::vector{node("a", 7), node("c", 9)});
  x.update(of(12, {node("a", 7), node("c", 9)}));
  CHECK(x.others().empty());
}

TEST_CASE("who has gone is not welcome, but who is yet to be seen is") {
  guest_list x{node_id{"b"}};
  x.update(of(9, {node("a", 7), node("b", 8)}));
  CHECK_FALSE(welcome(x, "a", 6));
  CHECK_FALSE(welcome(x, "c", 5));
  CHECK_FALSE(welcome(x, "c", 9));
  CHECK(welcome(x, "a", 10));
  CHECK(welcome(x, "c", 10));
}

TEST_CASE("names that no node has are not welcome, nor is this node's") {
  guest_list x{node_id{"b"}};
  x.update(of(9, {node("b", 8)}));
  CHECK_FALSE(welcome(x, "b", 8));
  CHECK_FALSE(welcome(x, "b", 10));
  CHECK_FALSE(welcome(x, "", 10));
  CHECK_FALSE(welcome(x, "a/b", 10));
}

TEST_CASE("where rosters have no incarnations their members are welcome") {
  guest_list x{node_id{"b"}};
  x.update(of(1, {node("a", 0), node("b", 0)}));
  CHECK(welcome(x, "a", 0));
  CHECK_FALSE(welcome(x, "c", 0));
}

TEST_CASE("only another stay of this node's own ends what was") {
  guest_list x{node_id{"b"}};
  CHECK(x.update(of(9, {node("b", 8)})));
  CHECK_FALSE(x.update(of(10, {node("a", 10), node("b", 8)})));
  CHECK(x.update(of(11, {node("a", 10)})));
  CHECK(x.update(of(12, {node("a", 10), node("b", 12)})));
  CHECK(x.update(of(14, {node("b", 14)})));
}
