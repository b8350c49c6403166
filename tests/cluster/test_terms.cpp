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

} // namespace

TEST_CASE("terms are in the key, and disturb no version that has none") {
  auto x = key_of("a", 5, {{"size", 7}});
  CHECK(decode_member("a", x));
  CHECK(x.value.find(R"("terms":{"size":7})") != std::string::npos);
  CHECK(key_of("a", 5, {}).value.find("terms") == std::string::npos);
}

TEST_CASE("nodes agree where a setting is 0 on all or on none") {
  std::vector<entry> all{key_of("a", 5, {{"size", 7}})};
  CHECK_FALSE(found({{"size", 9}}, all));
  CHECK_FALSE(found({{"other", 0}}, all));
  CHECK_FALSE(found({{"size", 0}}, {key_of("a", 5, {{"size", 0}})}));
  CHECK_FALSE(found({{"size", 0}}, {key_of("a", 5, {})}));
  CHECK(found({{"size", 0}}, all) == disagreement{"size", 0, "a", 7});
  CHECK(found({{"size", 7}}, {key_of("a", 5, {{"size", 0}})})
        == disagreement{"size", 7, "a", 0});
}

TEST_CASE("who came in first is right, and a node does not ask itself") {
  std::vector<entry> all{key_of("a", 5, {{"size", 7}}),
                         key_of("me", 6, {{"size", 1}})};
  CHECK_FALSE(found({{"size", 0}}, all, 5));
  CHECK(found({{"size", 0}}, all, 6));
  CHECK_FALSE(found({{"size", 0}}, {all[1]}));
}

TEST_CASE("keys that make no sense have no terms") {
  for (std::string value :
       {"", "[]", R"({"terms":7})", R"({"terms":{"size":"7"}})",
        R"({"terms":{"size":-7}})", R"({"terms":[7]})"})
    CHECK_FALSE(found({{"size", 0}}, {{"/p/nodes/a", value, 1, 1, {}}}));
}
