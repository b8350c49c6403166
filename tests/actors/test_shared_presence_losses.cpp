// SPDX-License-Identifier: MIT
#include "tests/actors/cluster_fixture.hpp"
#include "tests/support/catch.hpp"

using namespace parlor;
using namespace parlor::test;

// Presence of members whose node is lost, back or behind.

namespace {

struct presence_fixture : cluster_fixture {
  void show_soon(client& who) {
    say_soon(who, R"({"type":"presence","room":"r","data":{"x":1}})");
  }

  void show(client& who) {
    show_soon(who);
    settle();
  }

  /// Its lease is gone, and it does not know.
  void lose(node& x) {
    out.insert(x.stay);
    publish_view();
    settle(12);
  }

  void bring_back(node& x) {
    expel(x);
    publish_view();
    settle(12);
  }
};

} // namespace

TEST_CASE_METHOD(presence_fixture, "presence goes with its node", "[shared]") {
  auto& ann = connect(home_of("r"), "ann", {"r"});
  auto& bob = connect(standby_of("r"), "bob", {"r"});
  show(ann);
  take(bob);
  kill(home_of("r"));
  publish_view();
  settle(12);
  CHECK(count_of(take(bob), R"("type":"presence_diff")") == 1);
}

TEST_CASE_METHOD(presence_fixture,
                 "presence is known where the room begins anew", "[shared]") {
  auto& home = home_of("r");
  auto& there = bystander_of("r");
  auto& ann = connect(home, "ann", {"r"});
  show(ann);
  say_much(ann, "r");
  CHECK(knows_presence(there, R"("x":1)"));
}

TEST_CASE_METHOD(presence_fixture,
                 "presence that went meanwhile is not known where the room "
                 "begins anew",
                 "[shared]") {
  auto& home = home_of("r");
  auto& there = bystander_of("r");
  auto& ann = connect(home, "ann", {"r"});
  auto& bob = connect(home, "bob", {"r"});
  connect(there, "cay", {"r"});
  show(ann);
  CHECK(knows_presence(there, R"("x":1)"));
  cut = {{home.stay, there.stay}, {there.stay, home.stay}};
  lose_link(home, there);
  lose_link(there, home);
  hang_up(ann);
  say_much(bob, "r");
  cut.clear();
  settle(12);
  CHECK_FALSE(knows_presence(there, R"("x":1)"));
}

TEST_CASE_METHOD(presence_fixture, "presence is back with its node",
                 "[shared]") {
  auto& home = home_of("r");
  auto& ann = connect(home, "ann", {"r"});
  auto& bob = connect(bystander_of("r"), "bob", {"r"});
  show(ann);
  CHECK(count_of(take(bob), R"("x":1)") == 1);
  lose(home);
  take(bob);
  bring_back(home);
  auto heard = take(bob);
  CAPTURE(heard);
  CHECK(count_of(heard, R"("x":1)") == 1);
}

TEST_CASE_METHOD(presence_fixture,
                 "presence is back with a node that is out twice in a row",
                 "[shared]") {
  auto& home = home_of("r");
  auto& ann = connect(home, "ann", {"r"});
  auto& bob = connect(bystander_of("r"), "bob", {"r"});
  show(ann);
  for (int i = 0; i < 2; ++i) {
    lose(home);
    expel(home);
    publish_view();
    run();
  }
  settle(12);
  take(bob);
  CHECK(knows_presence(bystander_of("r"), R"("x":1)"));
}

TEST_CASE_METHOD(presence_fixture,
                 "presence stays with a node that is back before its loss has "
                 "a place",
                 "[shared]") {
  auto& home = home_of("r");
  auto& there = bystander_of("r");
  auto& ann = connect(home, "ann", {"r"});
  connect(there, "bob", {"r"});
  show(ann);
  out.insert(home.stay);
  publish_view();
  // Nobody has opened the room meanwhile.
  run();
  bring_back(home);
  CHECK(knows_presence(home, R"("x":1)"));
  CHECK(knows_presence(there, R"("x":1)"));
  hang_up(ann);
  CHECK_FALSE(knows_presence(home, R"("x":1)"));
  CHECK_FALSE(knows_presence(there, R"("x":1)"));
}

TEST_CASE_METHOD(presence_fixture, "one's own presence of before goes",
                 "[shared]") {
  auto& home = home_of("r");
  auto& ann = connect(home, "ann", {"r"});
  show_soon(ann);
  deliver_all();
  home.is_fenced = true;
  say_soon(ann, R"({"type":"leave","room":"r"})");
  run();
  listen(ann);
  take(ann);
  expel(home);
  home.is_fenced = false;
  say_soon(ann, R"({"type":"join","room":"r","presence":true,"id":1})");
  publish_view();
  settle(12);
  auto heard = take(ann);
  CAPTURE(heard);
  REQUIRE(heard.size() == 3);
  CHECK(has(heard[0], R"({"type":"reply","id":1,"ok":true)"));
  CHECK(has(heard[1], R"("type":"presence_state","room":"r","state":{"ann")"));
  CHECK(has(heard[2], R"("type":"presence_diff","room":"r","joins":{})"));
  CHECK(has(heard[2], R"("leaves":{"ann")"));
}

TEST_CASE_METHOD(presence_fixture,
                 "presence of members whose coming is void is forgotten",
                 "[shared]") {
  auto& home = home_of("r");
  auto& standby = standby_of("r");
  auto& there = bystander_of("r");
  connect(there, "bob", {"r"});
  connect(standby, "cay", {"r"});
  // Only the bystander hears of ann.
  for (auto* one : {&home, &there}) {
    cut.insert({one->stay, standby.stay});
    cut.insert({standby.stay, one->stay});
    lose_link(*one, standby);
    lose_link(standby, *one);
  }
  auto& ann = connect(home, "ann", {"r"});
  show(ann);
  REQUIRE(knows_presence(there, R"("x":1)"));
  kill(home);
  publish_view();
  settle(12);
  cut.clear();
  settle(12);
  CHECK_FALSE(knows_presence(there, R"("x":1)"));
  CHECK_FALSE(knows_presence(standby, R"("x":1)"));
}

TEST_CASE_METHOD(presence_fixture,
                 "presence at a node that was fenced comes behind its member",
                 "[shared]") {
  auto& away = bystander_of("r");
  auto& ann = connect(away, "ann", {"r"});
  auto& bob = connect(home_of("r"), "bob", {"r"});
  lose(away);
  away.is_fenced = true;
  bring_back(away);
  take(bob);
  away.is_fenced = false;
  show(ann);
  CHECK(count_of(take(bob), R"("x":1)") == 1);
  CHECK(knows_presence(away, R"("x":1)"));
}

TEST_CASE_METHOD(presence_fixture,
                 "what was said of oneself as a node lost its lease is said "
                 "when it is back",
                 "[shared]") {
  auto& away = bystander_of("r");
  auto& ann = connect(away, "ann", {"r"});
  auto& bob = connect(home_of("r"), "bob", {"r"});
  take(ann);
  cut = {{away.stay, home_of("r").stay}};
  say(ann, R"({"type":"presence","room":"r","data":{"x":1},"id":1})");
  CHECK(count_of(take(ann), R"("id":1,"ok":true)") == 1);
  lose(away);
  take(bob);
  expel(away);
  cut.clear();
  publish_view();
  settle(12);
  CHECK(count_of(take(bob), R"("x":1)") == 1);
}

TEST_CASE_METHOD(presence_fixture,
                 "presence of more members than commands may be under way is "
                 "back with their node",
                 "[shared]") {
  constexpr size_t many = 300;
  auto& away = bystander_of("r");
  for (auto& x : nodes)
    x.env.limits.max_connections_per_user = x.env.limits.members_listed = many;
  std::vector<client*> all;
  for (size_t i = 0; i < many; ++i)
    all.push_back(&connect_soon(away, "ann", {"r"}));
  settle();
  for (auto* one : all) {
    say_soon(*one, R"({"type":"presence","room":"r","data":{"x":1}})");
    deliver_all();
  }
  lose(away);
  bring_back(away);
  auto& bob = connect(home_of("r"), "bob");
  take(bob);
  say(bob, R"({"type":"join","room":"r","presence":true,"id":1})");
  auto heard = take(bob);
  REQUIRE(heard.size() == 2);
  size_t known = 0;
  for (auto at = heard[1].find(R"("x":1)"); at != std::string::npos;
       at = heard[1].find(R"("x":1)", at + 1))
    ++known;
  CHECK(known == many);
}

TEST_CASE_METHOD(presence_fixture,
                 "what changed while a node was behind is told there",
                 "[shared]") {
  auto& home = home_of("r");
  auto& there = bystander_of("r");
  auto& ann = connect(home, "ann", {"r"});
  auto& dan = connect(home, "dan", {"r"});
  auto& bob = connect(there, "bob", {"r"});
  show(ann);
  say(dan, R"({"type":"presence","room":"r","data":{"y":1}})");
  take(bob);
  cut = {{home.stay, there.stay}, {there.stay, home.stay}};
  lose_link(home, there);
  lose_link(there, home);
  say(ann, R"({"type":"presence","room":"r","data":{"x":2}})");
  hang_up(dan);
  say_much(ann, "r");
  cut.clear();
  settle(12);
  auto heard = take(bob);
  CAPTURE(heard);
  CHECK(count_of(heard, R"("data":{"x":2})") == 1);
  CHECK(count_of(heard, R"("leaves":{"dan":[{"connection":)") == 1);
}
