// SPDX-License-Identifier: MIT
#include "cluster/fixed_roster.hpp"

#include "tests/support/catch.hpp"

#include <optional>
#include <vector>

namespace {

using namespace parlor;

struct heard final : roster_listener {
  void on_view(const view& now) override { views.push_back(now); }
  void on_lease(time_point x) override { until = x; }
  void on_fenced() override { FAIL("fenced"); }
  void on_expelled() override { FAIL("expelled"); }

  std::vector<view> views;
  std::optional<time_point> until;
};

member node(const char* id, member_state state = member_state::active,
            incarnation stay = {}) {
  return {node_id{id}, stay, "127.0.0.1:5400", 1, state};
}

/// As all know it, by its place in the list.
member known(const char* id, uint64_t place,
             member_state state = member_state::active) {
  return node(id, state, incarnation{place});
}

} // namespace

TEST_CASE("a fixed roster tells who is in at once, and for ever") {
  heard by;
  cluster::fixed_roster x{{node("b"), node("a")}, by};
  CHECK(by.views == std::vector{view{1, {known("a", 1), known("b", 2)}}});
  CHECK(by.until == roster::time_point::max());
  CHECK(x.lease() == roster::time_point::max());
}

TEST_CASE("nobody is taken out of a fixed roster") {
  heard by;
  cluster::fixed_roster x{{node("a"), node("b")}, by};
  x.evict(node("b"));
  x.set_state(member_state::draining);
  CHECK(by.views.size() == 1);
}

TEST_CASE("a node that is alone can drain") {
  heard by;
  cluster::fixed_roster x{{node("a")}, by};
  x.set_state(member_state::draining);
  x.set_state(member_state::draining);
  REQUIRE(by.views.size() == 2);
  CHECK(by.views[1] == view{2, {known("a", 1, member_state::draining)}});
}
