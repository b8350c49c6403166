// SPDX-License-Identifier: MIT
#include "cluster/etcd/node_table.hpp"

#include "tests/support/catch.hpp"

#include <string>

namespace {

using namespace parlor;
using namespace parlor::etcd;

member node(const std::string& id, uint64_t created,
            member_state state = member_state::active) {
  return {node_id{id}, incarnation{created}, "127.0.0.1:5400", 1, state};
}

entry key_of(const member& x, uint64_t changed) {
  return {"/p/nodes/" + x.id.str(), encode_member(x), x.incarnation.value(),
          changed, lease_id{1}};
}

change put(const member& x, uint64_t changed) {
  return {false, key_of(x, changed)};
}

change gone(const std::string& id, uint64_t changed) {
  return {true, {"/p/nodes/" + id, "", 0, changed, lease_id{}}};
}

node_table table() {
  return node_table{"/p/nodes/"};
}

} // namespace

TEST_CASE("a member is read as it was written") {
  for (auto state : {member_state::active, member_state::draining}) {
    member x{node_id{"n.1"}, incarnation{8}, "[::1]:5400", 3, state};
    CHECK(decode_member("n.1", key_of(x, 9)) == x);
  }
}

TEST_CASE("a value that is of no member is refused") {
  for (std::string value :
       {"", "null", "{}", "[]", "{", "\xFF",
        R"({"version":1,"state":"active"})",
        R"({"address":"a:1","state":"active"})",
        R"({"address":"a:1","version":1})",
        R"({"address":7,"version":1,"state":"active"})",
        R"({"address":"a","version":1,"state":"active"})",
        R"({"address":"a:1","version":-1,"state":"active"})",
        R"({"address":"a:1","version":"1","state":"active"})",
        R"({"address":"a:1","version":4294967296,"state":"active"})",
        R"({"address":"a:1","version":1,"state":"asleep"})",
        R"({"address":"a:1","version":1,"state":1})"}) {
    INFO(value);
    CHECK_FALSE(decode_member("n", entry{"/p/nodes/n", value, 1, 1, {}}));
  }
  for (std::string id : {"", "a/b", "a b"})
    CHECK_FALSE(decode_member(id, key_of(node("n", 1), 1)));
}

TEST_CASE("what a later version adds to a value is not looked at") {
  auto value = R"({"address":"a:1","version":2,"state":"active","zone":"x"})";
  auto x = decode_member("n", entry{"/p/nodes/n", value, 4, 4, {}});
  REQUIRE(x);
  CHECK(x->version == 2);
}

TEST_CASE("the first view has all that is there, by id") {
  auto x = table();
  auto first = x.reset(9, {key_of(node("b", 5), 5), key_of(node("a", 9), 9)});
  CHECK(first == view{9, {node("a", 9), node("b", 5)}});
}

TEST_CASE("revisions count from an offset") {
  auto x = table();
  CHECK(x.reset(9, {key_of(node("a", 9), 9)}, 1000)
        == view{1009, {node("a", 1009)}});
  auto views = x.apply({put(node("b", 10), 10)});
  REQUIRE(views.size() == 1);
  CHECK(views[0] == view{1010, {node("a", 1009), node("b", 1010)}});
}

TEST_CASE("each revision is one view") {
  auto x = table();
  x.reset(9, {key_of(node("a", 9), 9)});
  auto views = x.apply({put(node("b", 10), 10),
                        put(node("a", 9, member_state::draining), 12),
                        gone("b", 13)});
  REQUIRE(views.size() == 3);
  CHECK(views[0] == view{10, {node("a", 9), node("b", 10)}});
  CHECK(views[1]
        == view{12, {node("a", 9, member_state::draining), node("b", 10)}});
  CHECK(views[2] == view{13, {node("a", 9, member_state::draining)}});
}

TEST_CASE("what one revision changes is seen at once") {
  auto x = table();
  x.reset(9, {key_of(node("a", 9), 9), key_of(node("b", 8), 8)});
  auto views = x.apply({gone("a", 11), gone("b", 11), put(node("c", 11), 11),
                        put(node("d", 12), 12)});
  REQUIRE(views.size() == 2);
  CHECK(views[0] == view{11, {node("c", 11)}});
  CHECK(views[1] == view{12, {node("c", 11), node("d", 12)}});
}

TEST_CASE("a node that came back is another incarnation") {
  auto x = table();
  x.reset(9, {key_of(node("a", 9), 9)});
  auto views = x.apply({gone("a", 10), put(node("a", 11), 11)});
  REQUIRE(views.size() == 2);
  CHECK(views[0].members.empty());
  CHECK(views[1] == view{11, {node("a", 11)}});
}

TEST_CASE("what is known already changes nothing") {
  auto x = table();
  x.reset(9, {key_of(node("a", 9), 9)});
  CHECK(x.apply({gone("a", 8), put(node("b", 9), 9)}).empty());
  CHECK(x.apply({put(node("c", 10), 10)}).size() == 1);
  CHECK(x.apply({put(node("c", 10), 10)}).empty());
}

TEST_CASE("what is elsewhere is no view") {
  auto x = table();
  x.reset(5, {key_of(node("a", 3), 3)});
  change other{false, {"/p/challenges/a", "", 6, 6, {}}};
  CHECK(x.apply({other}).empty());
  auto views = x.apply({put(node("b", 7), 7),
                        {true, {"/q", "", 0, 7, {}}},
                        put(node("c", 7), 7),
                        other,
                        gone("b", 9)});
  REQUIRE(views.size() == 2);
  CHECK(views[0] == view{7, {node("a", 3), node("b", 7), node("c", 7)}});
  CHECK(views[1] == view{9, {node("a", 3), node("c", 7)}});
}

TEST_CASE("keys that make no sense are no members, but their revision counts") {
  auto x = table();
  entry odd{"/p/nodes/a/b", "{}", 1, 1, {}};
  entry other{"/q", encode_member(node("q", 1)), 1, 1, {}};
  CHECK(x.reset(5, {odd, other, key_of(node("a", 3), 3)})
        == view{5, {node("a", 3)}});
  auto spoiled = put(node("a", 3), 6);
  spoiled.what.value = "spoiled";
  auto views = x.apply({spoiled});
  REQUIRE(views.size() == 1);
  CHECK(views[0] == view{6, {}});
}
