// SPDX-License-Identifier: MIT
#include "actors/membership.hpp"

#include "tests/support/catch.hpp"

#include <algorithm>

using namespace parlor;

namespace {

connection_id id(uint32_t number) {
  return {0, number, 1};
}

membership::member of(const char* user, dialect speaks = dialect::typed) {
  return {user_id{user}, speaks};
}

std::vector<user_id> names(std::initializer_list<const char*> xs) {
  std::vector<user_id> result;
  for (auto x : xs)
    result.emplace_back(x);
  return result;
}

} // namespace

TEST_CASE("a membership begins empty") {
  membership members;
  CHECK(members.empty());
  CHECK(members.size() == 0);
  CHECK(members.user_count() == 0);
  CHECK(members.users().empty());
  CHECK(members.find(id(1)) == nullptr);
  CHECK_FALSE(members.remove(id(1)));
  CHECK(members.connections_of(user_id{"ann"}).empty());
}

TEST_CASE("a user is in with its first connection") {
  membership members;
  CHECK(members.add(id(1), of("ann")));
  CHECK_FALSE(members.add(id(2), of("ann")));
  CHECK(members.add(id(3), of("bob")));
  CHECK(members.size() == 3);
  CHECK(members.user_count() == 2);
}

TEST_CASE("a user is out with its last connection") {
  membership members;
  members.add(id(1), of("ann", dialect::text));
  members.add(id(2), of("ann"));
  auto first = members.remove(id(1));
  REQUIRE(first);
  CHECK(first->who.user.str() == "ann");
  CHECK(first->who.speaks == dialect::text);
  CHECK_FALSE(first->last_of_user);
  CHECK(members.users() == names({"ann"}));
  auto second = members.remove(id(2));
  REQUIRE(second);
  CHECK(second->last_of_user);
  CHECK(members.empty());
  CHECK(members.users().empty());
}

TEST_CASE("a connection is removed once") {
  membership members;
  members.add(id(1), of("ann"));
  members.add(id(2), of("bob"));
  CHECK(members.remove(id(1)));
  CHECK_FALSE(members.remove(id(1)));
  CHECK(members.size() == 1);
  CHECK(members.user_count() == 1);
}

TEST_CASE("who comes back is the first of its user again") {
  membership members;
  members.add(id(1), of("ann"));
  members.remove(id(1));
  CHECK(members.add(id(1), of("ann")));
}

TEST_CASE("a member is found with its user and dialect") {
  membership members;
  members.add(id(1), of("ann", dialect::action));
  auto found = members.find(id(1));
  REQUIRE(found);
  CHECK(found->user.str() == "ann");
  CHECK(found->speaks == dialect::action);
}

TEST_CASE("the connections of one user are those and no others") {
  membership members;
  members.add(id(1), of("ann"));
  members.add(id(2), of("bob"));
  members.add(id(3), of("ann"));
  auto found = members.connections_of(user_id{"ann"});
  std::sort(found.begin(), found.end());
  CHECK(found == std::vector{id(1), id(3)});
}

TEST_CASE("users are distinct and sorted") {
  membership members;
  members.add(id(1), of("carol"));
  members.add(id(2), of("ann"));
  members.add(id(3), of("carol"));
  members.add(id(4), of("bob"));
  CHECK(members.users() == names({"ann", "bob", "carol"}));
}

TEST_CASE("a roster above its limit is a number of users") {
  membership members;
  members.add(id(1), of("ann"));
  members.add(id(2), of("bob"));
  members.add(id(3), of("bob"));
  auto listed = members.roster(2);
  CHECK(listed.count == 2);
  REQUIRE(listed.users);
  CHECK(*listed.users == R"(["ann","bob"])");
  auto counted = members.roster(1);
  CHECK(counted.count == 2);
  CHECK_FALSE(counted.users);
}

TEST_CASE("a dialect is spoken while a member speaks it") {
  membership members;
  members.add(id(1), of("ann", dialect::text));
  members.add(id(2), of("bob", dialect::text));
  CHECK(members.spoken().contains(dialect::text));
  CHECK_FALSE(members.spoken().contains(dialect::typed));
  members.remove(id(1));
  CHECK(members.spoken().contains(dialect::text));
  members.remove(id(2));
  CHECK_FALSE(members.spoken().contains(dialect::text));
}
