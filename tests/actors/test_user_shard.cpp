// SPDX-License-Identifier: MIT
#include "actors/user_shard.hpp"
#include "tests/support/catch.hpp"

using namespace parlor;
using namespace parlor::registration;

namespace {

const incarnation here{1};
const incarnation there{2};

/// A shard on one of two nodes, and what it says.
struct shard_fixture : user_shard_port {
  struct letter {
    incarnation to;
    user_id user;
    note what;
  };

  bool send(incarnation to, const user_id& whom, note what) override {
    if (to == unreachable)
      return false;
    said.push_back({to, whom, std::move(what)});
    return true;
  }

  void sit(std::vector<incarnation> members) {
    auto seats = std::make_shared<seating>();
    seats->self = here;
    seats->now.revision = ++revision;
    for (auto one : members)
      seats->now.members.push_back(
        {node_id{std::to_string(one.value())}, one, "", 1, {}});
    seats->where = placement{seats->now};
    shard.sit(seats);
  }

  /// One whose home is here while both are in.
  user_id local() const {
    view both{
      1, {{node_id{"1"}, here, "", 1, {}}, {node_id{"2"}, there, "", 1, {}}}};
    placement where{both};
    for (int i = 0;; ++i)
      if (auto name = "u" + std::to_string(i);
          where.of(name).home->str() == "1")
        return user_id{name};
  }

  void tell_table(incarnation from, std::vector<row> rows = {}) {
    shard.hear(from, nobody(), table{revision, true, true, std::move(rows)});
  }

  /// Of one node's messages to the user, and some that are declined.
  void hold_all_that_can_be() {
    message what{revision, 1, 1, false, user, std::string(1 << 20, 'x'), {}};
    for (int i = 0; i < 20; ++i)
      shard.hear(there, user, message{what});
    // What is small does not fit either.
    what.content.resize(max_held_bytes - shard.held() - 300);
    shard.hear(there, user, std::move(what));
  }

  template <class T>
  size_t count(incarnation to) const {
    size_t result = 0;
    for (auto& one : said)
      result += one.to == to && std::holds_alternative<T>(one.what);
    return result;
  }

  limits within;
  uint64_t revision = 0;
  incarnation unreachable{99};
  std::vector<letter> said;
  user_shard shard{*this, within};
  user_id user = local();
};

} // namespace

TEST_CASE_METHOD(shard_fixture, "a new home asks, and holds until it knows") {
  sit({here, there});
  CHECK(count<ask>(here) == 1);
  CHECK(count<ask>(there) == 1);
  tell_table(here);
  shard.hear(there, user, knock{revision, connection_id{7}});
  CHECK(count<grant>(there) == 0);
  tell_table(there);
  CHECK(count<grant>(there) == 1);
  CHECK(shard.settled());
  CHECK_FALSE(shard.waits());
}

TEST_CASE_METHOD(shard_fixture, "nobody is waited for too long") {
  sit({here, there});
  tell_table(here);
  shard.hear(here, user, knock{revision, connection_id{7}});
  for (unsigned i = 1; i < gathering_pauses; ++i)
    shard.beat();
  CHECK(count<grant>(here) == 0);
  shard.beat();
  CHECK(count<grant>(here) == 1);
  // What comes late counts as well.
  std::vector<row> rows;
  for (uint64_t i = 1; i <= within.max_connections_per_user; ++i)
    rows.push_back({user, connection_id{i}, i});
  tell_table(there, rows);
  CHECK(count<eviction>(here) + count<eviction>(there) == 1);
}

TEST_CASE_METHOD(shard_fixture, "who is not linked is not waited for") {
  unreachable = there;
  sit({here, there});
  tell_table(here);
  CHECK(shard.settled());
  CHECK(shard.waits());
  unreachable = {};
  shard.beat();
  CHECK(count<ask>(there) == 1);
  CHECK_FALSE(shard.waits());
}

TEST_CASE_METHOD(shard_fixture, "a lost link is not waited for") {
  sit({here, there});
  tell_table(here);
  shard.lose(there);
  CHECK(shard.settled());
  shard.beat();
  CHECK(count<ask>(there) == 2);
}

TEST_CASE_METHOD(shard_fixture, "users whose home stays are served at once") {
  sit({here, there});
  tell_table(here);
  tell_table(there, {{user, connection_id{1}, 1}});
  sit({here, there});
  CHECK_FALSE(shard.settled());
  shard.hear(there, user, knock{revision, connection_id{2}});
  CHECK(count<grant>(there) == 1);
  CHECK(shard.seats_of(user).size() == 2);
}

TEST_CASE_METHOD(shard_fixture, "a node that is out takes its users with it") {
  sit({here, there});
  tell_table(here, {{user, connection_id{3}, 2}});
  tell_table(there, {{user, connection_id{1}, 1}});
  CHECK(shard.seats_of(user).size() == 2);
  sit({here});
  CHECK(shard.seats_of(user) == std::vector{std::pair{here, connection_id{3}}});
}

TEST_CASE_METHOD(shard_fixture, "what a newer cluster asks waits for that") {
  sit({here, there});
  tell_table(here);
  tell_table(there);
  shard.hear(there, user, knock{revision + 1, connection_id{1}});
  CHECK(count<grant>(there) == 0);
  sit({here, there});
  CHECK(count<grant>(there) == 1);
}

TEST_CASE_METHOD(shard_fixture, "more than can be held is declined") {
  sit({here, there});
  hold_all_that_can_be();
  CHECK(shard.held() <= max_held_bytes);
  auto declines = count<declined>(there);
  CHECK(declines > 0);
  tell_table(here);
  tell_table(there);
  CHECK(count<receipt>(there) == 21 - declines);
  CHECK(shard.held() == 0);
}

TEST_CASE_METHOD(shard_fixture, "a kick that cannot be held is declined") {
  sit({here, there});
  hold_all_that_can_be();
  auto before = count<declined>(there);
  shard.hear(there, user, kick{revision, 7});
  CHECK(count<declined>(there) == before + 1);
  CHECK(std::get<declined>(said.back().what).number == 7);
}

TEST_CASE_METHOD(shard_fixture,
                 "who leaves while no more can be held is in no table") {
  sit({here, there});
  tell_table(there, {{user, connection_id{1}, 1}});
  hold_all_that_can_be();
  shard.hear(there, user, departed{revision, connection_id{1}});
  tell_table(here);
  CHECK(shard.waits());
  shard.beat();
  REQUIRE(count<ask>(there) == 2);
  tell_table(there);
  CHECK(shard.seats_of(user).empty());
  CHECK_FALSE(shard.waits());
}

TEST_CASE_METHOD(shard_fixture, "the last to come in has the highest order") {
  sit({here, there});
  tell_table(here);
  tell_table(there, {{user, connection_id{1}, 10}});
  shard.hear(here, user, knock{revision, connection_id{2}});
  CHECK(std::get<grant>(said.back().what).order > 10);
}

TEST_CASE_METHOD(shard_fixture, "only who is reached counts as told") {
  sit({here, there});
  tell_table(here, {{user, connection_id{3}, 2}});
  tell_table(there, {{user, connection_id{1}, 1}, {user, connection_id{2}, 3}});
  unreachable = there;
  shard.hear(here, user, message{revision, 1, 1, false, user, "1", {}});
  CHECK(std::get<receipt>(said.back().what).count == 1);
  // Not all of them go.
  shard.hear(here, user, kick{revision, 2});
  CHECK(std::get<declined>(said.back().what).number == 2);
  CHECK(shard.seats_of(user).size() == 2);
}

TEST_CASE_METHOD(shard_fixture, "nobody is absent from an unknown table") {
  sit({here, there});
  tell_table(here);
  tell_table(there);
  shard.lose(there);
  shard.hear(here, user, message{revision, 1, 1, false, user, "1", {}});
  CHECK(count<declined>(here) == 1);
  shard.hear(here, user, kick{revision, 2});
  CHECK(count<declined>(here) == 2);
  tell_table(there);
  shard.hear(here, user, message{revision, 3, 1, false, user, "1", {}});
  shard.hear(here, user, kick{revision, 4});
  CHECK(count<receipt>(here) == 2);
}

TEST_CASE_METHOD(shard_fixture,
                 "a table goes in parts, and counts when whole") {
  sit({here, there});
  tell_table(here);
  tell_table(there, {{user, connection_id{9}, 1}});
  shard.hear(there, nobody(),
             table{revision, true, false, {{user, connection_id{1}, 1}}});
  CHECK(shard.seats_of(user).size() == 1);
  // Begun anew, since its link was lost.
  shard.hear(there, nobody(),
             table{revision, true, false, {{user, connection_id{2}, 2}}});
  shard.hear(there, nobody(),
             table{revision, false, true, {{user, connection_id{3}, 3}}});
  CHECK(shard.seats_of(user)
        == std::vector{std::pair{there, connection_id{2}},
                       std::pair{there, connection_id{3}}});
}

TEST_CASE_METHOD(shard_fixture,
                 "a table does not take what was granted on its way") {
  sit({here, there});
  tell_table(here);
  tell_table(there);
  shard.hear(there, user, knock{revision, connection_id{2}});
  auto granted = std::get<grant>(said.back().what).order;
  shard.hear(here, user, knock{revision, connection_id{3}});
  // Its node had asked when it wrote this, and had no answer.
  tell_table(there, {{user, connection_id{2}, 0}});
  CHECK(shard.seats_of(user)
        == std::vector{std::pair{there, connection_id{2}},
                       std::pair{here, connection_id{3}}});
  CHECK(count<grant>(there) == 2);
  CHECK(std::get<grant>(said.back().what).order == granted);
  // Who is in none of it has gone.
  tell_table(there);
  CHECK(shard.seats_of(user).size() == 1);
}

TEST_CASE_METHOD(shard_fixture, "what a table asks for is held like a knock") {
  sit({here, there});
  tell_table(there, {{user, connection_id{2}, 0}});
  CHECK(count<grant>(there) == 0);
  tell_table(here, {{user, connection_id{3}, 5}});
  REQUIRE(count<grant>(there) == 1);
  CHECK(std::get<grant>(said.back().what).order > 5);
  CHECK(shard.seats_of(user).size() == 2);
}
