// SPDX-License-Identifier: MIT
#include "messages/placement.hpp"

#include "tests/support/catch.hpp"

#include <cmath>
#include <map>
#include <string>

namespace {

using namespace parlor;

constexpr int names = 20'000;

std::string name_of(int i) {
  return "room-" + std::to_string(i);
}

member member_of(const std::string& id,
                 member_state state = member_state::active) {
  return {node_id{id}, incarnation{7}, "127.0.0.1:1", 1, state};
}

view view_of(const std::vector<std::string>& ids) {
  view result{1, {}};
  for (const auto& id : ids)
    result.members.push_back(member_of(id));
  return result;
}

std::vector<std::string> ids_of(int nodes) {
  std::vector<std::string> result;
  for (int i = 0; i < nodes; ++i)
    result.push_back("node-" + std::to_string(100 + i));
  return result;
}

std::string text(const node_id* id) {
  return id ? id->str() : "nobody";
}

} // namespace

TEST_CASE("the weight of a node is the same on all machines and builds") {
  // Worked out in Python, with the published vectors of FNV-1a.
  CHECK(weight("", "") == 0x0C674DA690F5FBB8u);
  CHECK(weight("a", "lobby") == 0x95F69F43FD3BCF15u);
  CHECK(weight("node-1", "r\xC3\xB6om") == 0xE27A7D2A1EBDD7B7u);
  CHECK(weight("node-2", "r\xC3\xB6om") == 0x351B9E496F03D070u);
  CHECK(weight("node-2", std::string_view{"\0x", 2}) == 0x19AFC585D2ED6B15u);
}

TEST_CASE("a view of nobody places nothing") {
  placement nowhere{view{}};
  CHECK_FALSE(nowhere.of("lobby").home);
  CHECK_FALSE(nowhere.of("lobby").standby);
  CHECK(nowhere.order("lobby").empty());
}

TEST_CASE("a node that is alone is home and has no standby") {
  placement alone{view_of({"a"})};
  CHECK(text(alone.of("lobby").home) == "a");
  CHECK_FALSE(alone.of("lobby").standby);
}

TEST_CASE("home and standby are the first two of the order by weight") {
  auto ids = ids_of(9);
  placement on{view_of(ids)};
  for (int i = 0; i < 500; ++i) {
    auto name = name_of(i);
    auto order = on.order(name);
    REQUIRE(order.size() == ids.size());
    CHECK(*on.of(name).home == order[0]);
    CHECK(*on.of(name).standby == order[1]);
    for (size_t k = 1; k < order.size(); ++k)
      CHECK(weight(order[k - 1].str(), name) > weight(order[k].str(), name));
  }
}

TEST_CASE("homes and standbys are spread evenly") {
  for (int nodes : {2, 3, 5, 10, 50}) {
    std::map<std::string, int> homes;
    std::map<std::string, int> standbys;
    placement on{view_of(ids_of(nodes))};
    for (int i = 0; i < names; ++i) {
      auto at = on.of(name_of(i));
      ++homes[text(at.home)];
      ++standbys[text(at.standby)];
    }
    auto fair = double(names) / nodes;
    // Five standard deviations of a fair draw.
    auto slack = 5 * std::sqrt(fair * (1 - 1.0 / nodes));
    for (const auto& id : ids_of(nodes)) {
      INFO(nodes << " nodes, " << id);
      CHECK(std::abs(homes[id] - fair) < slack);
      CHECK(std::abs(standbys[id] - fair) < slack);
    }
  }
}

TEST_CASE("a node that comes takes its share, and nothing else moves") {
  for (int nodes : {1, 2, 3, 9, 30}) {
    auto ids = ids_of(nodes + 1);
    auto newcomer = ids[ids.size() / 2];
    auto without = ids;
    std::erase(without, newcomer);
    placement before{view_of(without)};
    placement after{view_of(ids)};
    int moved = 0;
    for (int i = 0; i < names; ++i) {
      auto name = name_of(i);
      auto was = text(before.of(name).home);
      auto is = text(after.of(name).home);
      if (was == is)
        continue;
      CHECK(is == newcomer);
      // Who had it until now stands by.
      CHECK(text(after.of(name).standby) == was);
      ++moved;
    }
    auto share = double(names) / (nodes + 1);
    CHECK(std::abs(moved - share) < 5 * std::sqrt(share));
  }
}

TEST_CASE("what a node had that goes falls to its standbys") {
  auto ids = ids_of(7);
  placement before{view_of(ids)};
  auto leaver = ids[3];
  auto rest = ids;
  std::erase(rest, leaver);
  placement after{view_of(rest)};
  for (int i = 0; i < names; ++i) {
    auto name = name_of(i);
    auto was = before.of(name);
    auto expected = text(was.home) == leaver ? was.standby : was.home;
    CHECK(text(after.of(name).home) == text(expected));
  }
}

TEST_CASE("where names go does not depend on when or where nodes came") {
  auto first = view_of({"a", "b", "c"});
  auto later = first;
  later.revision = 99;
  for (auto& x : later.members) {
    x.incarnation = incarnation{12345};
    x.address = "10.0.0.9:5";
    x.version = 9;
  }
  for (int i = 0; i < 200; ++i)
    CHECK(placement{first}.order(name_of(i))
          == placement{later}.order(name_of(i)));
}

TEST_CASE("draining nodes get nothing") {
  view x{
    1,
    {member_of("a"), member_of("b", member_state::draining), member_of("c")}};
  placement on{x};
  placement without{view_of({"a", "c"})};
  for (int i = 0; i < 200; ++i)
    CHECK(on.order(name_of(i)) == without.order(name_of(i)));
}

TEST_CASE("where all nodes drain they keep what they have") {
  view x{1,
         {member_of("a", member_state::draining),
          member_of("b", member_state::draining)}};
  for (int i = 0; i < 200; ++i)
    CHECK(placement{x}.order(name_of(i))
          == placement{view_of({"a", "b"})}.order(name_of(i)));
}

TEST_CASE("a member is found in a view by its id") {
  auto x = view_of({"a", "c"});
  REQUIRE(x.find(node_id{"c"}));
  CHECK(x.find(node_id{"c"})->id == node_id{"c"});
  CHECK_FALSE(x.find(node_id{"b"}));
  CHECK_FALSE(x.find(node_id{"d"}));
  CHECK_FALSE(view{}.find(node_id{"a"}));
}
