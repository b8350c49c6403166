// SPDX-License-Identifier: MIT
#include "actors/population.hpp"

#include "tests/support/catch.hpp"

using namespace parlor;

namespace {

connection_id id(uint32_t number) {
  return {0, number, 1};
}

population::resident of(const char* user, dialect speaks = dialect::typed) {
  return {user_id{user}, speaks, {}, false};
}

/// A population of at most 10, 2 a user.
struct population_fixture {
  population_fixture() {
    within.max_connections = 10;
    within.max_connections_per_user = 2;
  }

  /// Lets one in, for which there has to be place; the evicted one, if any, is
  /// told to go.
  connection_id admit(uint32_t number, const char* user) {
    auto verdict = residents.admit(id(number), of(user));
    CHECK(verdict.refusal.empty());
    if (verdict.evicted)
      residents.dismiss(verdict.evicted);
    return verdict.evicted;
  }

  std::vector<connection_id> of_user(const char* user) {
    return residents.connections_of(user_id{user});
  }

  limits within;
  population residents{within};
};

using ids = std::vector<connection_id>;

} // namespace

TEST_CASE_METHOD(population_fixture, "a population knows who is in") {
  CHECK_FALSE(admit(1, "ann"));
  CHECK_FALSE(admit(2, "bob"));
  CHECK(residents.size() == 2);
  CHECK(residents.user_count() == 2);
  REQUIRE(residents.find(id(1)));
  CHECK(residents.find(id(1))->user.str() == "ann");
  CHECK(residents.find(id(3)) == nullptr);
  CHECK(of_user("bob") == ids{id(2)});
  CHECK(of_user("carol").empty());
}

TEST_CASE_METHOD(population_fixture, "a full population refuses") {
  within.max_connections = 2;
  admit(1, "ann");
  admit(2, "bob");
  auto verdict = residents.admit(id(3), of("carol"));
  CHECK(verdict.refusal == "Server at capacity");
  CHECK_FALSE(verdict.evicted);
  CHECK(residents.find(id(3)) == nullptr);
  CHECK(residents.size() == 2);
  CHECK(residents.user_count() == 2);
  residents.remove(id(1));
  CHECK(residents.admit(id(3), of("carol")).refusal.empty());
}

TEST_CASE_METHOD(population_fixture, "who is not known yet has a place") {
  within.max_connections = 2;
  CHECK(residents.expect(id(1)));
  admit(2, "bob");
  CHECK(residents.full());
  CHECK_FALSE(residents.expect(id(3)));
  CHECK(residents.admit(id(3), of("carol")).refusal == "Server at capacity");
  CHECK(residents.size() == 1);
  // It keeps its place once it is known.
  admit(1, "ann");
  CHECK(residents.places() == 2);
  residents.remove(id(1));
  CHECK(residents.expect(id(3)));
  residents.remove(id(3));
  CHECK(residents.places() == 1);
}

TEST_CASE_METHOD(population_fixture, "a full population evicts nobody") {
  within.max_connections = 2;
  admit(1, "ann");
  admit(2, "ann");
  auto verdict = residents.admit(id(3), of("ann"));
  CHECK(verdict.refusal == "Server at capacity");
  CHECK_FALSE(verdict.evicted);
  CHECK(of_user("ann") == ids{id(1), id(2)});
}

TEST_CASE_METHOD(population_fixture, "a user's oldest connection is evicted") {
  // By age, not by id.
  admit(5, "ann");
  admit(3, "ann");
  CHECK(admit(4, "ann") == id(5));
  CHECK(of_user("ann") == ids{id(3), id(4)});
  CHECK(admit(1, "ann") == id(3));
  CHECK(of_user("ann") == ids{id(4), id(1)});
}

TEST_CASE_METHOD(population_fixture, "an evicted one counts until it goes") {
  within.max_connections = 3;
  admit(1, "ann");
  admit(2, "ann");
  admit(3, "ann");
  CHECK(residents.size() == 3);
  CHECK(residents.find(id(1)) != nullptr);
  CHECK(residents.find(id(1))->leaving);
  CHECK_FALSE(residents.admit(id(4), of("bob")).refusal.empty());
  REQUIRE(residents.remove(id(1)));
  CHECK(of_user("ann") == ids{id(2), id(3)});
  CHECK(residents.admit(id(4), of("bob")).refusal.empty());
}

TEST_CASE_METHOD(population_fixture, "a policy may reject the new one") {
  within.policy = per_user_policy::reject_new;
  admit(1, "ann");
  admit(2, "ann");
  auto verdict = residents.admit(id(3), of("ann"));
  CHECK(verdict.refusal == "Too many connections");
  CHECK_FALSE(verdict.evicted);
  CHECK(of_user("ann") == ids{id(1), id(2)});
  residents.remove(id(1));
  CHECK(residents.admit(id(3), of("ann")).refusal.empty());
}

TEST_CASE_METHOD(population_fixture, "one that was told to go makes room") {
  within.policy = per_user_policy::reject_new;
  admit(1, "ann");
  admit(2, "ann");
  CHECK(residents.dismiss(id(1)));
  CHECK(residents.admit(id(3), of("ann")).refusal.empty());
  CHECK(of_user("ann") == ids{id(2), id(3)});
}

TEST_CASE_METHOD(population_fixture, "a connection is told to go once") {
  admit(1, "ann");
  CHECK(residents.dismiss(id(1)));
  CHECK_FALSE(residents.dismiss(id(1)));
  CHECK_FALSE(residents.dismiss(id(2)));
  CHECK(of_user("ann").empty());
  CHECK(residents.user_count() == 0);
  CHECK(residents.size() == 1);
}

TEST_CASE_METHOD(population_fixture, "a connection goes once") {
  admit(1, "ann");
  auto gone = residents.remove(id(1));
  REQUIRE(gone);
  CHECK(gone->user.str() == "ann");
  CHECK_FALSE(residents.remove(id(1)));
  CHECK(residents.size() == 0);
  CHECK(residents.user_count() == 0);
}

TEST_CASE_METHOD(population_fixture, "an old one's going leaves the new one") {
  within.max_connections_per_user = 1;
  admit(1, "ann");
  CHECK(admit(2, "ann") == id(1));
  residents.remove(id(1));
  CHECK(of_user("ann") == ids{id(2)});
  CHECK(residents.user_count() == 1);
  CHECK(residents.size() == 1);
}

TEST_CASE_METHOD(population_fixture, "connections are paged by id") {
  for (uint32_t i : {7u, 3u, 5u, 1u})
    admit(i, ("u" + std::to_string(i)).c_str());
  auto first = residents.page({}, 3);
  REQUIRE(first.size() == 3);
  CHECK(first[0]->user.str() == "u1");
  CHECK(first[2]->user.str() == "u5");
  auto second = residents.page(id(5), 3);
  REQUIRE(second.size() == 1);
  CHECK(second[0]->user.str() == "u7");
  // The last id seen may have gone since.
  CHECK(residents.page(id(4), 10).size() == 2);
  CHECK(residents.page(id(7), 10).empty());
  CHECK(residents.page({}, 0).empty());
}

TEST_CASE_METHOD(population_fixture, "users are paged by name") {
  admit(1, "carol");
  admit(2, "ann");
  admit(3, "carol");
  admit(4, "bob");
  auto first = residents.users_page({}, 2).users;
  REQUIRE(first.size() == 2);
  CHECK(first[0].user.str() == "ann");
  CHECK(first[1].user.str() == "bob");
  auto second = residents.users_page(user_id{"bob"}, 2).users;
  REQUIRE(second.size() == 1);
  CHECK(second[0].user.str() == "carol");
  CHECK(second[0].connections == 2);
}
