// SPDX-License-Identifier: MIT
#include "cluster/etcd/remnant.hpp"
#include "tests/support/catch.hpp"

#include <utility>

using namespace parlor;
using namespace parlor::etcd;

namespace {

view of(std::vector<std::pair<const char*, uint64_t>> members) {
  view result;
  for (auto& [id, stay] : members)
    result.members.push_back(
      {node_id{id}, incarnation{stay}, "", 1, member_state::active});
  return result;
}

} // namespace

TEST_CASE("whoever comes first after all were out waits for as many") {
  auto before = of({{"a", 1}, {"b", 2}, {"c", 3}});
  CHECK(is_remnant(of({{"c", 9}}), before));
  CHECK(is_remnant(of({{"a", 10}, {"c", 9}}), before));
  CHECK_FALSE(is_remnant(of({{"a", 10}, {"b", 11}, {"c", 9}}), before));
  // Another one takes the place of one of them.
  CHECK_FALSE(is_remnant(of({{"a", 10}, {"c", 9}, {"d", 11}}), before));
}

TEST_CASE("nobody waits where somebody was in all the time") {
  auto before = of({{"a", 1}, {"b", 2}, {"c", 3}});
  CHECK_FALSE(is_remnant(of({{"a", 1}, {"c", 9}}), before));
  CHECK_FALSE(is_remnant(of({{"b", 2}, {"c", 9}}), before));
}

TEST_CASE("who was alone, or nowhere, waits for nobody") {
  CHECK_FALSE(is_remnant(of({{"a", 5}}), of({{"a", 1}})));
  CHECK_FALSE(is_remnant(of({{"a", 5}}), {}));
}
