// SPDX-License-Identifier: MIT
#include "tests/actors/registry_fixture.hpp"
#include "tests/support/catch.hpp"

using namespace parlor;
using namespace parlor::test;

TEST_CASE_METHOD(registry_fixture, "who comes in is handed to the directory") {
  auto& ann = enter("ann");
  auto welcomed = only<welcome>(to_directory);
  REQUIRE(welcomed.size() == 1);
  CHECK(welcomed[0].connection == ann.handle);
  CHECK(ann.heard.empty());
  CHECK(stats().connections == 1);
  CHECK(stats().users == 1);
  CHECK(stats().max_connections == 4);
}

TEST_CASE_METHOD(registry_fixture, "a full house turns the next one away") {
  for (auto user : {"a", "b", "c", "d"})
    enter(user);
  auto& late = enter("e");
  auto told = late.dismissals();
  REQUIRE(told.size() == 1);
  CHECK(told[0].code == close_code::at_capacity);
  CHECK(told[0].reason == "Server at capacity");
  CHECK(only<welcome>(to_directory).size() == 4);
  CHECK(stats().connections == 4);
  CHECK(stats().users == 4);
}

TEST_CASE_METHOD(registry_fixture, "who is not known yet has a place, too") {
  auto& first = make("", dialect::typed);
  tell(registry, stranger{first.id, first.handle});
  for (auto user : {"ann", "bob", "carol"})
    CHECK(enter(user).dismissals().empty());
  auto full = enter("dave").dismissals();
  REQUIRE(full.size() == 1);
  CHECK(full[0].code == close_code::at_capacity);
  auto& second = make("", dialect::typed);
  tell(registry, stranger{second.id, second.handle});
  REQUIRE(second.dismissals().size() == 1);
  CHECK(second.dismissals()[0].code == close_code::at_capacity);
  // It has its place for later, and gives it back.
  first.user = user_id{"eve"};
  ask_in(first);
  CHECK(first.dismissals().empty());
  CHECK(stats().connections == 4);
  vanish(first);
  CHECK(state().monitored.size() == 3);
  tell(registry, stranger{second.id, second.handle});
  vanish(second);
  CHECK(enter("frank").dismissals().empty());
}

TEST_CASE_METHOD(registry_fixture, "one turned away leaves no trace") {
  for (auto user : {"a", "b", "c", "d"})
    enter(user);
  auto& late = enter("a");
  vanish(late);
  CHECK(stats().connections == 4);
  CHECK(users() == names{"a", "b", "c", "d"});
}

TEST_CASE_METHOD(registry_fixture, "one who goes makes place for another") {
  for (auto user : {"a", "b", "c", "d"})
    enter(user);
  vanish(clients.front());
  CHECK(stats().connections == 3);
  CHECK(enter("e").dismissals().empty());
  CHECK(users() == names{"b", "c", "d", "e"});
}

TEST_CASE_METHOD(registry_fixture, "a user's oldest connection has to go") {
  auto& first = enter("ann");
  auto& second = enter("ann");
  auto& third = enter("ann");
  auto told = first.dismissals();
  REQUIRE(told.size() == 1);
  CHECK(told[0].code == close_code::replaced);
  CHECK(told[0].reason == "Too many connections");
  CHECK(second.dismissals().empty());
  CHECK(third.dismissals().empty());
  CHECK(only<welcome>(to_directory).size() == 3);
  CHECK(connections_of("ann") == handles{second.handle, third.handle});
}

TEST_CASE_METHOD(registry_fixture, "where one is the limit it is replaced") {
  env.limits.max_connections_per_user = 1;
  auto& old = enter("ann");
  auto& fresh = enter("ann");
  auto told = old.dismissals();
  REQUIRE(told.size() == 1);
  CHECK(told[0].code == close_code::replaced);
  CHECK(told[0].reason == "Replaced by new connection");
  CHECK(connections_of("ann") == handles{fresh.handle});
}

TEST_CASE_METHOD(registry_fixture, "an old one's end leaves the new one") {
  env.limits.max_connections_per_user = 1;
  auto& old = enter("ann");
  auto& fresh = enter("ann");
  vanish(old);
  CHECK(connections_of("ann") == handles{fresh.handle});
  CHECK(stats().connections == 1);
  CHECK(stats().users == 1);
  CHECK(send_to("ann") == 1);
  CHECK(mailed_to(fresh).size() == 1);
  vanish(fresh);
  CHECK(stats().connections == 0);
  CHECK(stats().users == 0);
}

TEST_CASE_METHOD(registry_fixture, "the new one may be turned away instead") {
  env.limits.policy = per_user_policy::reject_new;
  auto& first = enter("ann");
  enter("ann");
  auto& third = enter("ann");
  auto told = third.dismissals();
  REQUIRE(told.size() == 1);
  CHECK(told[0].code == close_code::at_capacity);
  CHECK(told[0].reason == "Too many connections");
  CHECK(first.dismissals().empty());
  CHECK(stats().connections == 2);
}

TEST_CASE_METHOD(registry_fixture, "every way of going unregisters, once") {
  for (auto& why :
       {make_exit({close_code::normal, "", departure::closed}),
        make_exit({close_code::abnormal, "", departure::timeout}),
        make_exit({close_code::kicked, "", departure::kicked}),
        caf::error{caf::sec::runtime_error}, make_error(caf::exit_reason::kill),
        make_error(caf::exit_reason::user_shutdown)}) {
    auto& ann = enter("ann");
    enter("bob");
    end(ann.handle, why);
    CHECK(stats().connections == 1);
    CHECK(users() == names{"bob"});
    vanish(clients.back());
    CHECK(stats().connections == 0);
  }
  CHECK(state().monitored.empty());
}

TEST_CASE_METHOD(registry_fixture, "one who is gone already leaves no ghost") {
  auto& ghost = make("ann", dialect::typed);
  vanish(ghost);
  ask_in(ghost);
  CHECK(stats().connections == 0);
  CHECK(state().monitored.empty());
}

TEST_CASE_METHOD(registry_fixture, "connections are listed by id, in pages") {
  auto& a = enter("a");
  auto& b = enter("b");
  auto& c = enter("c");
  CHECK(page({}, 2) == handles{a.handle, b.handle});
  CHECK(page(b.id, 2) == handles{c.handle});
  CHECK(page(c.id, 2).empty());
  vanish(b);
  CHECK(page(b.id, 2) == handles{c.handle});
  CHECK(page({}, 9) == handles{a.handle, c.handle});
}

TEST_CASE_METHOD(registry_fixture, "users are listed by name, in pages") {
  for (auto user : {"carol", "ann", "bob", "ann"})
    enter(user);
  CHECK(users("", 2) == names{"ann", "bob"});
  CHECK(users("bob", 2) == names{"carol"});
  auto all = ask<user_list>(registry, users_query{{}, 10});
  REQUIRE(all);
  CHECK(all->users[0].connections == 2);
  CHECK(all->users[2].connections == 1);
}

TEST_CASE_METHOD(registry_fixture, "nobody is found where nobody is") {
  CHECK(connections_of("ann").empty());
  CHECK(page({}, 10).empty());
  CHECK(users().empty());
}

TEST_CASE_METHOD(registry_fixture, "a registry lives and describes itself") {
  auto alive = ask<bool>(registry, atom::probe_v);
  REQUIRE(alive);
  CHECK(*alive);
  auto shown = ask<report>(registry, state_query{});
  REQUIRE(shown);
  CHECK(shown->kind == "registry");
  CHECK(shown->actor == registry.id());
}
