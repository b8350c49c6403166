// SPDX-License-Identifier: MIT
#include "messages/limits.hpp"
#include "tests/actors/cluster_fixture.hpp"
#include "tests/support/catch.hpp"

using namespace parlor;
using namespace parlor::test;

namespace {

/// A room that somebody is in at its home, and somebody who wants in elsewhere.
struct joins_fixture : cluster_fixture {
  joins_fixture() {
    take(bob);
    take(ann);
  }

  void part() { cut = {{home.stay, here.stay}, {here.stay, home.stay}}; }

  void mend() {
    cut.clear();
    held.clear();
    settle();
  }

  void join(client& who, int id) {
    say_soon(who,
             R"({"type":"join","room":"r","id":)" + std::to_string(id) + "}");
  }

  /// The one thing that it was told.
  std::string only_heard(client& who) {
    auto heard = take(who);
    CAPTURE(heard);
    REQUIRE(heard.size() == 1);
    return heard[0];
  }

  void check_joined(client& who, const std::string& id,
                    const std::string& more = "") {
    auto heard = only_heard(who);
    CAPTURE(heard);
    CHECK(has(heard, R"("type":"reply","id":)" + id + R"(,"ok":true)"));
    CHECK(has(heard, more));
  }

  void check_refused(client& who, const std::string& id,
                     const std::string& code = "unavailable") {
    auto heard = only_heard(who);
    CAPTURE(heard);
    CHECK(is_error(heard, code));
    CHECK(has(heard, R"("id":)" + id));
  }

  void check_members(client& who, const std::string& members) {
    take(who);
    say(who, R"({"type":"members","room":"r","id":9})");
    auto heard = only_heard(who);
    CAPTURE(heard);
    CHECK(has(heard, R"("members":[)" + members + "]"));
  }

  node& home = home_of("r");
  node& here = bystander_of("r");
  client& bob = connect(home, "bob", {"r"});
  client& ann = connect(here, "ann");
};

} // namespace

TEST_CASE_METHOD(joins_fixture, "who waits for long to be let in is refused",
                 "[shared]") {
  part();
  auto before = here.sockets.service[ann.id];
  join(ann, 1);
  settle(letter_pauses - 1);
  CHECK(take(ann).empty());
  settle(2);
  check_refused(ann, "1");
  CHECK(here.sockets.service[ann.id] == before + 1);
  mend();
  CHECK(take(ann).empty());
  // It had been asked for.
  auto told = take(bob);
  CAPTURE(told);
  CHECK(count_of(told, R"("type":"user_joined","user_id":"ann")") == 1);
  CHECK(count_of(told, R"("type":"user_left","user_id":"ann")") == 1);
  check_members(bob, R"("bob")");
  CHECK(rooms_at(here) == 0);
  join(ann, 2);
  settle();
  check_joined(ann, "2", R"("members":["ann","bob"])");
  check_members(bob, R"("ann","bob")");
}

TEST_CASE_METHOD(joins_fixture,
                 "who asks again while the first join is on its "
                 "way comes in once",
                 "[shared]") {
  // There is a replica that is joined, and what it sends is under way.
  connect(here, "cay", {"r"});
  take(bob);
  held = {{here.stay, home.stay}};
  join(ann, 1);
  settle(letter_pauses + 1);
  check_refused(ann, "1");
  join(ann, 2);
  settle(2);
  CHECK(take(ann).empty());
  mend();
  check_joined(ann, "2");
  auto told = take(bob);
  CAPTURE(told);
  CHECK(count_of(told, R"("type":"user_joined","user_id":"ann")") == 2);
  CHECK(count_of(told, R"("type":"user_left","user_id":"ann")") == 1);
  check_members(bob, R"("ann","bob","cay")");
  check_members(ann, R"("ann","bob","cay")");
}

TEST_CASE_METHOD(joins_fixture,
                 "who comes back while its node is fenced is not told of its "
                 "own leaving",
                 "[shared]") {
  connect(here, "cay", {"r"});
  join(ann, 1);
  settle();
  here.is_fenced = true;
  say(ann, R"({"type":"leave","room":"r","id":2})");
  take(ann);
  join(ann, 3);
  settle(letter_pauses + 1);
  check_refused(ann, "3");
  join(ann, 4);
  settle(2);
  take(bob);
  here.is_fenced = false;
  settle();
  check_joined(ann, "4");
  auto told = take(bob);
  CAPTURE(told);
  CHECK(count_of(told, R"("type":"user_left","user_id":"ann")") == 1);
  CHECK(count_of(told, R"("type":"user_joined","user_id":"ann")") == 1);
  check_members(bob, R"("ann","bob","cay")");
  check_members(ann, R"("ann","bob","cay")");
}

TEST_CASE_METHOD(joins_fixture,
                 "nobody hears of joins that a node which was "
                 "out has refused",
                 "[shared]") {
  auto gone = here.stay;
  lose_links(here);
  out.insert(gone);
  publish_view();
  caf::anon_send(here.core.cluster, view_change{std::make_shared<seating>()});
  auto& dan = connect(here, "dan");
  take(bob);
  take(dan);
  join(ann, 1);
  join(dan, 1);
  settle(2);
  hang_up(dan);
  settle(letter_pauses);
  check_refused(ann, "1");
  here.stay = incarnation{++stays};
  publish_view();
  settle();
  auto told = take(bob);
  CAPTURE(told);
  CHECK(told.empty());
  check_members(bob, R"("bob")");
}

TEST_CASE_METHOD(joins_fixture,
                 "joins whose places are lost to their node are "
                 "answered",
                 "[shared]") {
  auto& cay = connect(here, "cay", {"r"});
  auto& dan = connect(here, "dan");
  take(dan);
  held = {{home.stay, here.stay}};
  join(ann, 1);
  settle();
  say_much(bob, "r");
  // This the home keeps.
  join(dan, 1);
  settle();
  say(bob, chat_of("r", "0"));
  auto told = take(bob);
  CHECK(count_of(told, R"("type":"user_joined","user_id":"ann")") == 1);
  CHECK(count_of(told, R"("type":"user_joined","user_id":"dan")") == 1);
  CHECK(take(ann).empty());
  CHECK(take(dan).empty());
  roads.erase({home.stay, here.stay});
  lose_link(here, home);
  lose_link(home, here);
  mend();
  check_joined(ann, "1");
  check_joined(dan, "1");
  CHECK(take(bob).empty());
  // Who was there is told that much is missing, and nothing of that.
  CHECK(count_of(take(cay), R"("type":"user_joined")") == 0);
  check_members(ann, R"("ann","bob","cay","dan")");
}

TEST_CASE_METHOD(joins_fixture,
                 "who comes back to a room that its node had "
                 "let go is told of the last join alone",
                 "[shared]") {
  join(ann, 1);
  settle();
  say(ann, R"({"type":"leave","room":"r","id":2})");
  CHECK(rooms_at(here) == 0);
  take(ann);
  join(ann, 3);
  settle();
  check_joined(ann, "3", R"("seq":4)");
}

TEST_CASE_METHOD(joins_fixture,
                 "who waits to be let in by a room that fails is "
                 "refused",
                 "[shared]") {
  auto& cay = connect(here, "cay", {"r"});
  held = {{home.stay, here.stay}};
  join(ann, 1);
  settle();
  CHECK(take(ann).empty());
  take(cay);
  auto& rooms = state_of<directory_state>(here.core.directory).rooms;
  auto& room = state_of<room_state>(rooms.at(room_name{"r"}).handle);
  caf::anon_send_exit(room.lanes[0].handle, caf::exit_reason::user_shutdown);
  settle();
  check_refused(ann, "1", "internal");
  mend();
  check_members(cay, R"("bob","cay")");
  join(ann, 2);
  settle();
  check_members(ann, R"("ann","bob","cay")");
}

TEST_CASE_METHOD(joins_fixture,
                 "who was let in alone is announced again behind what its user "
                 "did elsewhere",
                 "[shared]") {
  auto& standby = standby_of("r");
  auto& eve = connect(home, "eve");
  auto& other = connect(standby, "eve", {"r"});
  say(other, R"({"type":"leave","room":"r","id":1})");
  take(eve);
  for (auto* one : {&standby, &here})
    held.insert({home.stay, one->stay});
  join(eve, 1);
  join(other, 1);
  settle(2);
  check_joined(eve, "1", R"("seq":4)");
  home.is_draining = true;
  for (auto* one : {&standby, &here}) {
    roads.erase({home.stay, one->stay});
    roads.erase({one->stay, home.stay});
    lose_link(*one, home);
    lose_link(home, *one);
  }
  held = {{standby.stay, home.stay}, {home.stay, standby.stay}};
  publish_view();
  settle();
  say(other, R"({"type":"leave","room":"r","id":2})");
  held.clear();
  settle();
  auto heard = take(eve);
  CAPTURE(heard);
  REQUIRE(heard.size() == 4);
  CHECK(has(heard[0], R"("type":"room_reset")"));
  CHECK(has(heard[0], R"("seq":3,"reason":"failover")"));
  CHECK(has(heard[1], R"("type":"user_joined","user_id":"eve")"));
  CHECK(has(heard[2], R"("type":"user_left","user_id":"eve")"));
  CHECK(has(heard[3], R"("type":"user_joined","user_id":"eve")"));
  CHECK(has(heard[3], R"("members":["bob","eve"],"seq":6)"));
  check_members(eve, R"("bob","eve")");
}

TEST_CASE_METHOD(joins_fixture, "who vanished comes back to a full room",
                 "[shared]") {
  for (auto* one : {&home, &here}) {
    one->env.limits.members_per_room = 2;
    one->env.limits.presence_grace = std::chrono::seconds{5};
  }
  say(ann, R"({"type":"join","room":"r","id":1})");
  take(bob);
  hang_up(ann);
  auto& carol = connect(here, "carol");
  take(carol);
  say(carol, R"({"type":"join","room":"r","id":2})");
  check_refused(carol, "2", "room_full");
  auto& again = connect(here, "ann");
  take(again);
  say(again, R"({"type":"join","room":"r","id":3})");
  check_joined(again, "3", R"("members":["ann","bob"])");
  CHECK(take(bob).empty());
  hang_up(again);
  settle(60);
  CHECK(count_of(take(bob), R"("type":"user_left","user_id":"ann")") == 1);
}

TEST_CASE_METHOD(joins_fixture, "who joins, talks and goes is heard",
                 "[shared]") {
  join(ann, 1);
  for (auto content : {"1", "2", "3"})
    say_soon(ann, chat_of("r", content));
  hang_up(ann);
  auto heard = take(bob);
  CAPTURE(heard);
  REQUIRE(heard.size() == 5);
  CHECK(has(heard[0], R"("type":"user_joined","user_id":"ann")"));
  CHECK(has(heard[1], R"("content":1)"));
  CHECK(has(heard[2], R"("content":2)"));
  CHECK(has(heard[3], R"("content":3)"));
  CHECK(has(heard[4], R"("type":"user_left","user_id":"ann")"));
}

TEST_CASE_METHOD(joins_fixture, "nobody who has gone waits for ever for a home",
                 "[shared]") {
  part();
  join(ann, 1);
  say_soon(ann, chat_of("r", "1"));
  hang_up(ann);
  CHECK_FALSE(ended(ann.handle));
  settle(letter_pauses);
  CHECK(ended(ann.handle));
  mend();
  CHECK(count_of(take(bob), R"("content":1)") == 0);
}

TEST_CASE_METHOD(cluster_fixture, "who missed a room's end is in the next one",
                 "[shared]") {
  for (auto& x : nodes)
    x.env.limits.history_size = 0;
  auto& home = home_of("r");
  auto& away = bystander_of("r");
  auto& bob = connect(home, "bob", {"r"});
  auto& ann = connect(away, "ann", {"r"});
  say_much(bob, "r");
  out.insert(away.stay);
  publish_view();
  settle();
  hang_up(bob);
  settle(40);
  CHECK(rooms_at(home) == 0);
  auto& cay = connect(home, "cay", {"r"});
  expel(away);
  publish_view();
  settle();
  for (auto* one : {&ann, &cay}) {
    take(*one);
    say(*one, R"({"type":"join","room":"r","id":9})");
    auto heard = take(*one);
    CAPTURE(heard);
    REQUIRE(heard.size() == 1);
    CHECK(has(heard[0], R"("seq":2,"members":["ann","cay"])"));
  }
  say(cay, chat_of("r", "7"));
  CHECK(count_of(take(ann), R"("content":7)") == 1);
}
