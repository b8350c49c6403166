// SPDX-License-Identifier: MIT
#include "actors/assembly.hpp"

#include "tests/support/catch.hpp"

using namespace parlor;

namespace {

constexpr auto ann = "ann";
const incarnation one{1};
const incarnation two{2};
const connection_id first{1};
const connection_id second{2};

} // namespace

TEST_CASE("the same connection of two nodes is two") {
  assembly all;
  all.add(one, first, user_id{ann});
  all.add(two, first, user_id{ann});
  all.add(two, first, user_id{ann});
  CHECK(all.size() == 2);
  CHECK(all.user_count() == 1);
  CHECK(all.count(user_id{ann}) == 2);
  all.remove(one, first);
  all.remove(one, first);
  CHECK(all.count(user_id{ann}) == 1);
  CHECK(all.contains(two, first));
  CHECK_FALSE(all.contains(one, first));
  CHECK(all.nodes() == std::vector{two});
  all.remove(two, first);
  CHECK(all.empty());
  CHECK(all.size() == 0);
}

TEST_CASE("what all say of themselves is counted") {
  assembly all;
  all.add(one, first, user_id{ann});
  all.add(two, first, user_id{"bob"});
  all.set_presence(one, first, "here");
  all.set_presence(two, first, "there");
  all.set_presence(two, second, "nobody");
  CHECK(all.presence_bytes() == 9);
  all.set_presence(two, first, "");
  CHECK(all.presence_bytes() == 4);
  all.remove(one, first);
  CHECK(all.presence_bytes() == 0);
}

TEST_CASE("users of all nodes are one sorted list, or their number") {
  assembly all;
  all.add(two, first, user_id{"bob"});
  all.add(one, first, user_id{ann});
  all.add(one, second, user_id{"bob"});
  CHECK(all.users() == std::vector{user_id{ann}, user_id{"bob"}});
  CHECK(*all.roster(2).users == R"(["ann","bob"])");
  CHECK(all.roster(1).users == nullptr);
  CHECK(all.roster(1).count == 2);
  all.remove(one, first);
  CHECK(*all.roster(2).users == R"(["bob"])");
  CHECK(all.users_of(one) == std::map<user_id, size_t>{{user_id{"bob"}, 1}});
}

TEST_CASE("presence is of those who are in") {
  assembly all;
  all.add(one, first, user_id{ann});
  all.set_presence(one, first, "1");
  all.set_presence(one, second, "2");
  REQUIRE(all.seats().size() == 1);
  CHECK(all.seats()[0].presence == "1");
  CHECK(all.seats_of(one)[0].who == first);
  CHECK(all.seats_of(two).empty());
}
