// SPDX-License-Identifier: MIT
#include "tests/actors/invariants.hpp"
#include "tests/actors/orders.hpp"
#include "tests/support/catch.hpp"

#include <stdexcept>

using namespace parlor;
using namespace parlor::test;

namespace {

struct two_joins_and_a_leave : whole_fixture {
  two_joins_and_a_leave() {
    first = &connect("ann");
    say(*first, join_of("r"));
    second = &connect("bob");
    third = &connect("carol");
  }

  void act() {
    say_soon(*second, join_of("r"));
    say_soon(*third, join_of("r"));
    say_soon(*first, leave_of("r"));
  }

  void check() {
    check_indexes(*this);
    check_logs(*this, "r");
    check_service(*this);
    auto room = room_named("r");
    REQUIRE(room);
    CHECK(state_of<room_state>(room).members.users()
          == std::vector{user_id{"bob"}, user_id{"carol"}});
  }

  client* first;
  client* second;
  client* third;
};

/// The last member leaves, or vanishes, as another comes and speaks.
struct join_meets_the_end : whole_fixture {
  join_meets_the_end() {
    first = &connect("ann");
    say(*first, join_of("r"));
    second = &connect("bob");
  }

  void come() {
    say_soon(*second, join_of("r"));
    say_soon(*second, chat_of("r", "1"));
  }

  void act() {
    say_soon(*first, leave_of("r"));
    come();
  }

  void check() {
    check_indexes(*this);
    check_logs(*this, "r");
    check_service(*this);
    REQUIRE(room_named("r"));
    auto heard = take(second->id);
    CHECK(count_of(heard, R"("type":"reply")") == 1);
    CHECK(count_of(heard, R"("content":1)") == 1);
  }

  client* first;
  client* second;
};

struct join_meets_the_vanishing : join_meets_the_end {
  void act() {
    hang_up_soon(*first);
    come();
  }
};

/// The last member leaves and comes back at once.
struct leave_and_rejoin : whole_fixture {
  leave_and_rejoin() {
    only = &connect("ann");
    say(*only, join_of("r"));
  }

  void act() {
    say_soon(*only, leave_of("r"));
    say_soon(*only, join_of("r"));
    say_soon(*only, chat_of("r", "1"));
    caf::anon_send(core.directory,
                   post{room_name{"r"}, user_id{"server"}, "2", ""});
  }

  void check() {
    check_indexes(*this);
    check_logs(*this, "r");
    check_service(*this);
    CHECK(count_of(take(only->id), R"("content":1)") == 1);
  }

  client* only;
};

/// A user's new connection replaces the old one, which hangs up just then.
struct replace_meets_disconnect : whole_fixture {
  replace_meets_disconnect() {
    env.limits.max_connections_per_user = 1;
    old = &connect("ann", {"r"});
  }

  void act() {
    fresh = &connect_soon("ann", {"r"});
    hang_up_soon(*old);
  }

  void check() {
    check_indexes(*this);
    CHECK(ended(old->handle));
    REQUIRE_FALSE(ended(fresh->handle));
    CHECK(registry().residents.connections_of(user_id{"ann"})
          == std::vector{fresh->id});
    REQUIRE(room_named("r"));
    CHECK(ask<uint64_t>(core.registry, user_message{user_id{"ann"}, "1"})
          == uint64_t{1});
  }

  client* old;
  client* fresh = nullptr;
};

/// Two new connections of one user at once.
struct replace_meets_replace : whole_fixture {
  replace_meets_replace() {
    env.limits.max_connections_per_user = 1;
    connect("ann", {"r"});
  }

  void act() {
    connect_soon("ann", {"r"});
    connect_soon("ann", {"r"});
  }

  void check() {
    check_indexes(*this);
    CHECK(registry().residents.size() == 1);
    size_t replaced = 0;
    for (auto& one : sockets)
      for (auto& [id, how] : one.closed)
        replaced += how.first == close_code::replaced;
    CHECK(replaced == 2);
  }
};

/// A broadcast, a message and a join.
struct broadcast_meets_join : whole_fixture {
  broadcast_meets_join() {
    first = &connect("ann");
    say(*first, join_of("r"));
    second = &connect("bob");
  }

  void act() {
    caf::anon_send(core.registry, broadcast{"1", "ann"});
    say_soon(*second, join_of("r"));
    say_soon(*first, chat_of("r", "1"));
  }

  void check() {
    check_indexes(*this);
    check_logs(*this, "r");
    check_service(*this);
    for (auto& one : sockets) {
      REQUIRE(one.announcements.size() == 1);
      CHECK(one.announcements[0].second == std::vector{first->id});
    }
  }

  client* first;
  client* second;
};

/// A client joins a room that fails just then. Whatever it is told, it and the
/// room that there is then agree.
struct join_meets_failure : whole_fixture {
  join_meets_failure() {
    first = &connect("ann");
    say(*first, join_of("r"));
    second = &connect("bob");
  }

  void act() {
    env.now = []() -> event::timestamp { throw std::runtime_error{"no time"}; };
    say_soon(*first, chat_of("r", "1"));
    say_soon(*first, join_of("r", "66"));
    say_soon(*second, join_of("r", "77"));
  }

  void check() {
    check_indexes(*this);
    CHECK(count_of(take(first->id), R"("id":66)") == 1);
    CHECK(count_of(take(second->id), R"("id":77)") == 1);
  }

  client* first;
  client* second;
};

/// A member speaks as a private message, a kick and its own end meet.
struct kick_meets_everything : whole_fixture {
  kick_meets_everything() {
    first = &connect("ann");
    say(*first, join_of("r"));
    second = &connect("bob");
    say(*second, join_of("r"));
  }

  void act() {
    caf::anon_send(core.registry, kick_user{user_id{"bob"}});
    say_soon(*second, chat_of("r", "1"));
    say_soon(*first, R"({"type":"private","to":"bob","content":1,"id":5})");
  }

  void check() {
    check_indexes(*this);
    check_logs(*this, "r");
    check_service(*this);
    CHECK(ended(second->handle));
    CHECK(count_of(take(first->id), R"("type":"reply","id":5)") == 1);
  }

  client* first;
  client* second;
};

} // namespace

TEST_CASE("two joins and a leave agree in every order") {
  CHECK(in_every_order<two_joins_and_a_leave>(10000) > 100);
}

TEST_CASE("a join that meets its room's end is in, in every order") {
  CHECK(in_every_order<join_meets_the_end>() > 20);
  CHECK(in_every_order<join_meets_the_vanishing>(5000) > 20);
}

TEST_CASE("who leaves and rejoins is in, in every order") {
  CHECK(in_every_order<leave_and_rejoin>(5000) > 20);
}

TEST_CASE("a replaced one's end spares the new one, in every order") {
  CHECK(in_every_order<replace_meets_disconnect>(5000) > 100);
  CHECK(in_every_order<replace_meets_replace>() > 100);
}

TEST_CASE("a broadcast and a join agree in every order") {
  CHECK(in_every_order<broadcast_meets_join>() > 50);
}

TEST_CASE("a kick agrees with all else in every order") {
  CHECK(in_every_order<kick_meets_everything>() > 100);
}

TEST_CASE("a join and its room's failure agree in every order") {
  CHECK(in_every_order<join_meets_failure>() > 20);
}
