// SPDX-License-Identifier: MIT
#include "cluster/etcd/history.hpp"

#include "tests/support/catch.hpp"

#include <string>

namespace {

using namespace parlor::etcd;

history with(const std::string& value) {
  return read_history(
    {{"/p/hist", "5", 1, 2, {}}, {"/p/history", value, 3, 9, {}}},
    "/p/history");
}

} // namespace

TEST_CASE("where revisions begin is 0, or what a key says") {
  CHECK(read_history({}, "/p/history") == history{0, 0});
  CHECK(with("5000") == history{5000, 9});
  for (auto nonsense : {"", "x", "-1", "5 ", "0x5", "99999999999999999999",
                        "18446744073709551615"})
    CHECK(with(nonsense) == history{0, 9});
}

TEST_CASE("another history is above all that was known") {
  for (uint64_t known : {1, 80, 5'000'000})
    for (uint64_t revision : {1, 79, 80, 5'000'000})
      CHECK(offset_above(known, revision) + revision > known);
}

TEST_CASE("endpoints of one cluster are asked, or those that most are of") {
  using list = std::vector<std::string>;
  CHECK(chosen_cluster(list{"A", "A"}) == "A");
  CHECK(chosen_cluster(list{"A", ""}) == "A");
  CHECK(chosen_cluster(list{"", ""}) == "");
  CHECK(chosen_cluster(list{"B", "A", "B"}) == "B");
  CHECK(chosen_cluster(list{"A", "B"}) == std::nullopt);
  // The third may be of either.
  CHECK(chosen_cluster(list{"A", "B", ""}) == std::nullopt);
  CHECK(chosen_cluster(list{"A", "B", "C"}) == std::nullopt);
}
