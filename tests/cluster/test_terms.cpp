// SPDX-License-Identifier: MIT
#include "cluster/etcd/terms.hpp"

#include "cluster/etcd/node_table.hpp"
#include "tests/support/catch.hpp"

#include <string>

namespace {

using namespace parlor;
using namespace parlor::etcd;

entry key_of(const std::string& id, uint64_t created, const terms& its) {
  member x{node_id{id}, incarnation{created}, "127.0.0.1:5400", 1,
           member_state::active};
  return {"/p/nodes/" + id, encode_member(x, its), created, created, {}};
}

std::optional<disagreement> found(const terms& mine,
                                  const std::vector<entry>& all,
                                  uint64_t before = UINT64_MAX) {
  return disagreement_of(mine, "me", all, "/p/nodes/", before);
}

/// A setting that is 0 on all nodes or on none.
terms zero(uint64_t value) {
  return {{"size", {value, agreement::both_or_none}}};
}

term number(uint64_t value) {
  return {value, agreement::told};
}

} // namespace

TEST_CASE("terms are in the key, and disturb no version that has none") {
  auto x = key_of("a", 5, zero(7));
  CHECK(decode_member("a", x));
  CHECK(x.value.find(R"("terms":{"size":7})") != std::string::npos);
  CHECK(key_of("a", 5, {}).value.find("terms") == std::string::npos);
}

TEST_CASE("nodes agree where a setting is 0 on all or on none") {
  std::vector<entry> all{key_of("a", 5, zero(7))};
  CHECK_FALSE(found(zero(9), all));
  CHECK_FALSE(found({{"other", {uint64_t{0}, agreement::both_or_none}}}, all));
  CHECK_FALSE(found(zero(0), {key_of("a", 5, zero(0))}));
  CHECK_FALSE(found(zero(0), {key_of("a", 5, {})}));
  CHECK(found(zero(0), all)
        == disagreement{"size", uint64_t{0}, "a", uint64_t{7}});
  CHECK(found(zero(7), {key_of("a", 5, zero(0))})
        == disagreement{"size", uint64_t{7}, "a", uint64_t{0}});
}

TEST_CASE("none is as 0 is") {
  auto with = [](const char* x) {
    return terms{{"auth", {x, agreement::both_or_none}}};
  };
  CHECK_FALSE(found(with("HS256"), {key_of("a", 5, with("RS256"))}));
  CHECK_FALSE(found(with("none"), {key_of("a", 5, with("none"))}));
  CHECK(found(with("none"), {key_of("a", 5, with("RS256"))})
        == disagreement{"auth", "none", "a", "RS256"});
  CHECK(found(with("RS256"), {key_of("a", 5, with("none"))}));
}

TEST_CASE("what has to be the same keeps out who has it otherwise") {
  auto with = [](const char* x) {
    return terms{{"sender", {x, agreement::same}}};
  };
  CHECK_FALSE(found(with("server"), {key_of("a", 5, with("server"))}));
  CHECK_FALSE(found(with("server"), {key_of("a", 5, {})}));
  CHECK(found(with("server"), {key_of("a", 5, with("house"))})
        == disagreement{"sender", "server", "a", "house"});
}

TEST_CASE("what may differ keeps nobody out and is told") {
  terms mine{{"limit", number(5)},
             {"size", {uint64_t{5}, agreement::both_or_none}}};
  auto its = key_of("a", 5, {{"limit", number(6)}, {"size", number(6)}});
  CHECK_FALSE(found(mine, {its}));
  node_table table{"/p/nodes/"};
  table.reset(5, {its, key_of("b", 5, {}), key_of("me", 5, mine)});
  CHECK(table.differences(mine, node_id{"me"})
        == std::vector<disagreement>{{"limit", uint64_t{5}, "a", uint64_t{6}},
                                     {"size", uint64_t{5}, "a", uint64_t{6}}});
  table.apply({{true, its}});
  CHECK(table.differences(mine, node_id{"me"}).size() == 2);
  its.changed = 6;
  table.apply({{true, its}});
  CHECK(table.differences(mine, node_id{"me"}).empty());
}

TEST_CASE("who came in first is right, and a node does not ask itself") {
  std::vector<entry> all{key_of("a", 5, zero(7)), key_of("me", 6, zero(1))};
  CHECK_FALSE(found(zero(0), all, 5));
  CHECK(found(zero(0), all, 6));
  CHECK_FALSE(found(zero(0), {all[1]}));
}

TEST_CASE("keys that make no sense have no terms") {
  for (std::string value :
       {"", "[]", R"({"terms":7})", R"({"terms":{"size":[]}})",
        R"({"terms":{"size":-7}})", R"({"terms":[7]})"}) {
    CHECK(decode_terms(value).empty());
    CHECK_FALSE(found(zero(0), {{"/p/nodes/a", value, 1, 1, {}}}));
  }
  // One that is no number was never 0.
  CHECK(
    found(zero(0), {{"/p/nodes/a", R"({"terms":{"size":"7"}})", 1, 1, {}}}));
}
