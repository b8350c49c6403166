// SPDX-License-Identifier: MIT
#include "tests/actors/cluster_fixture.hpp"
#include "tests/support/catch.hpp"

using namespace parlor;
using namespace parlor::test;

TEST_CASE_METHOD(cluster_fixture, "members on three nodes meet and chat",
                 "[shared]") {
  auto& ann = connect(at(0), "ann", {"r"});
  auto& bob = connect(at(1), "bob", {"r"});
  auto& cay = connect(at(2), "cay", {"r"});
  auto heard = take(ann);
  CAPTURE(heard);
  CHECK(count_of(heard, R"("type":"user_joined","user_id":"bob")") == 1);
  CHECK(count_of(heard, R"("members":["ann","bob","cay"],"seq":3)") == 1);
  take(bob);
  take(cay);
  say(bob, chat_of("r", R"("hi")", R"(,"id":1)"));
  for (auto* one : {&ann, &cay})
    CHECK(count_of(take(*one), R"("content":"hi","sender":"bob")") == 1);
  heard = take(bob);
  CAPTURE(heard);
  REQUIRE(heard.size() == 2);
  CHECK(has(heard[0], R"("seq":4)"));
  CHECK(has(heard[1], R"({"type":"reply","id":1,"ok":true,"seq":4)"));
}

TEST_CASE_METHOD(cluster_fixture, "a join's answer is the same on each node",
                 "[shared]") {
  connect(at(0), "ann", {"r"});
  for (size_t i = 0; i < 3; ++i) {
    auto& one = connect(at(i), "bob");
    take(one);
    say(one, R"({"type":"join","room":"r","id":7})");
    auto heard = take(one);
    CAPTURE(i, heard);
    REQUIRE(heard.size() == 1);
    CHECK(has(heard[0], R"({"type":"reply","id":7,"ok":true,"room":"r")"));
    CHECK(has(heard[0], R"("seq":2,"members":["ann","bob"])"));
  }
}

TEST_CASE_METHOD(cluster_fixture, "a user leaves with its last connection",
                 "[shared]") {
  auto& ann = connect(at(0), "ann", {"r"});
  auto& here = connect(at(1), "bob", {"r"});
  auto& there = connect(at(2), "bob", {"r"});
  take(ann);
  hang_up(here);
  CHECK(take(ann).empty());
  say(there, R"({"type":"leave","room":"r","id":1})");
  auto heard = take(ann);
  CAPTURE(heard);
  REQUIRE(heard.size() == 1);
  CHECK(has(heard[0], R"("type":"user_left","user_id":"bob")"));
  CHECK(has(heard[0], R"("reason":"left","seq":3)"));
}

TEST_CASE_METHOD(cluster_fixture, "a room ends on all nodes", "[shared]") {
  for (auto& x : nodes)
    x.env.limits.history_size = 0;
  std::vector<client*> all;
  for (size_t i = 0; i < 3; ++i)
    all.push_back(&connect(at(i), "ann", {"r"}));
  for (auto* one : all)
    hang_up(*one);
  // Not before who might be on the way would have been there.
  settle(30);
  for (auto& x : nodes)
    CHECK(rooms_at(x) == 0);
  // And begins anew.
  auto& bob = connect(at(1), "bob", {"r"});
  take(bob);
  say(bob, R"({"type":"join","room":"r","id":7})");
  CHECK(count_of(take(bob), R"("seq":1,"members":["bob"])") == 1);
}

TEST_CASE_METHOD(cluster_fixture, "a room goes on when its home dies",
                 "[shared]") {
  std::string room = "r";
  auto& home = home_of(room);
  auto& standby = standby_of(room);
  auto& other = bystander_of(room);
  connect(home, "ann", {"r"});
  auto& bob = connect(standby, "bob", {"r"});
  auto& cay = connect(other, "cay", {"r"});
  say(cay, chat_of(room, "1", R"(,"id":1)"));
  take(bob);
  take(cay);
  kill(home);
  publish_view();
  settle();
  for (auto* one : {&bob, &cay}) {
    auto heard = take(*one);
    CAPTURE(heard);
    REQUIRE(heard.size() == 2);
    CHECK(has(heard[0], R"({"type":"room_reset","room":"r")"));
    CHECK(has(heard[0], R"("seq":4,"reason":"failover")"));
    CHECK(has(heard[1], R"("user_id":"ann","room":"r","reason":"node_down")"));
    CHECK(has(heard[1], R"("seq":5)"));
  }
  say(bob, chat_of(room, "2", R"(,"id":2)"));
  CHECK(count_of(take(cay), R"("seq":6)") == 1);
  CHECK(count_of(take(bob), R"({"type":"reply","id":2,"ok":true,"seq":6)")
        == 1);
}

TEST_CASE_METHOD(cluster_fixture, "history is there after the home has died",
                 "[shared]") {
  std::string room = "r";
  auto& home = home_of(room);
  auto& cay = connect(bystander_of(room), "cay", {"r"});
  say(cay, chat_of(room, R"("one")"));
  say(cay, chat_of(room, R"("two")"));
  kill(home);
  publish_view();
  settle();
  auto& dan = connect(standby_of(room), "dan");
  take(dan);
  say(dan, R"({"type":"join","room":"r","rewind":5,"id":1})");
  auto heard = take(dan);
  CAPTURE(heard);
  REQUIRE(heard.size() == 3);
  CHECK(has(heard[1], R"("content":"one")"));
  CHECK(has(heard[2], R"("content":"two")"));
}

TEST_CASE_METHOD(cluster_fixture, "the same key is one message on all nodes",
                 "[shared]") {
  auto& ann = connect(at(0), "ann", {"r"});
  auto& again = connect(at(1), "ann", {"r"});
  take(ann);
  say(ann, chat_of("r", "1", R"(,"id":1,"key":"k")"));
  auto heard = take(ann);
  CHECK(count_of(heard, R"("type":"chat")") == 1);
  CHECK(count_of(heard, R"("id":1,"ok":true,"seq":2)") == 1);
  take(again);
  say(again, chat_of("r", "1", R"(,"id":2,"key":"k")"));
  heard = take(again);
  CAPTURE(heard);
  REQUIRE(heard.size() == 1);
  CHECK(has(heard[0], R"("id":2,"ok":true,"seq":2)"));
  CHECK(take(ann).empty());
}

TEST_CASE_METHOD(cluster_fixture,
                 "what is said again by its key is not told again",
                 "[shared]") {
  auto& ann = connect(home_of("r"), "ann", {"r"});
  auto said = chat_of("r", '"' + std::string(1000, 'x') + '"',
                      R"(,"id":1,"key":"k")");
  auto largest = [&] {
    say_soon(ann, said);
    run();
    size_t result = 0;
    for (auto& [road, queue] : roads)
      for (auto& one : queue)
        result = std::max(result, one.body->size());
    settle();
    return result;
  };
  CHECK(largest() > 1000);
  CHECK(largest() < 300);
  CHECK(count_of(take(ann), R"("id":1,"ok":true,"seq":2)") == 2);
}

TEST_CASE_METHOD(cluster_fixture,
                 "where it is known what a key was for, nobody is asked",
                 "[shared]") {
  auto& ann = connect(bystander_of("r"), "ann", {"r"});
  say(ann, chat_of("r", "1", R"(,"id":1,"key":"k")"));
  CHECK(count_of(take(ann), R"("id":1,"ok":true,"seq":2)") == 1);
  say_soon(ann, chat_of("r", "1", R"(,"id":2,"key":"k")"));
  run();
  CHECK(std::ranges::all_of(roads, [](auto& x) { return x.second.empty(); }));
  listen(ann);
  CHECK(count_of(take(ann), R"("id":2,"ok":true,"seq":2)") == 1);
  // What is not confirmed may turn out to be void.
  held.insert({standby_of("r").stay, home_of("r").stay});
  say(ann, chat_of("r", "2", R"(,"id":3,"key":"l")"));
  say(ann, chat_of("r", "2", R"(,"id":4,"key":"l")"));
  CHECK(count_of(take(ann), R"("ok":true)") == 0);
}

namespace {

/// Somebody whose messages are on their way to the home for long.
struct retry_fixture : cluster_fixture {
  retry_fixture() {
    take(ann);
    take(bob);
    held = {there, {there.second, there.first}};
  }

  static std::string large(const std::string& more) {
    return chat_of("r", '"' + std::string(1000, 'x') + '"',
                   more + R"(,"key":"k")");
  }

  /// How often the content is on its way.
  long copies() {
    return std::ranges::count_if(
      roads[there], [](auto& x) { return x.body->size() > 1000; });
  }

  void let_go() {
    held.clear();
    settle();
  }

  node& here = bystander_of("r");
  client& ann = connect(here, "ann", {"r"});
  client& bob = connect(here, "bob", {"r"});
  std::pair<incarnation, incarnation> there{here.stay, home_of("r").stay};
};

} // namespace

TEST_CASE_METHOD(retry_fixture,
                 "who tries again by a key gets the answer of the first try",
                 "[shared]") {
  auto& served = here.sockets.service[ann.id];
  auto before = served;
  say(ann, large(R"(,"id":1)"));
  say(ann, large(R"(,"id":2)"));
  CHECK(copies() == 1);
  settle(letter_pauses);
  auto heard = take(ann);
  CAPTURE(heard);
  REQUIRE(heard.size() == 2);
  CHECK(is_error(heard[0], "unavailable"));
  CHECK(is_error(heard[1], "unavailable"));
  say(ann, large(R"(,"id":3)"));
  CHECK(copies() == 1);
  CHECK(served == before + 2);
  let_go();
  heard = take(ann);
  REQUIRE(heard.size() == 2);
  CHECK(has(heard[0], R"("type":"chat")"));
  CHECK(has(heard[1], R"({"type":"reply","id":3,"ok":true,"seq":3)"));
  CHECK(served == before + 3);
  CHECK(count_of(take(bob), R"("type":"chat")") == 1);
}

TEST_CASE_METHOD(retry_fixture, "each try that gets no answer is served once",
                 "[shared]") {
  auto& served = here.sockets.service[ann.id];
  auto before = served;
  say(ann, large(""));
  settle(letter_pauses);
  CHECK(served == before + 1);
  say(ann, large(""));
  say(ann, large(""));
  CHECK(served == before + 1);
  let_go();
  CHECK(served == before + 3);
  CHECK(count_of(take(ann), R"("type":"chat")") == 1);
}

TEST_CASE_METHOD(retry_fixture, "the same key of another user is another one",
                 "[shared]") {
  say(ann, large(R"(,"id":1)"));
  say(bob, large(R"(,"id":1)"));
  CHECK(copies() == 2);
  let_go();
  CHECK(count_of(take(ann), R"("id":1,"ok":true,"seq":3)") == 1);
  CHECK(count_of(take(bob), R"("id":1,"ok":true,"seq":4)") == 1);
}

TEST_CASE_METHOD(retry_fixture,
                 "nobody tries again at a node that is fenced, or in the first "
                 "try's stead once that is given up",
                 "[shared]") {
  say(ann, large(R"(,"id":1)"));
  here.is_fenced = true;
  say_soon(ann, large(R"(,"id":2)"));
  deliver_all();
  listen(ann);
  auto heard = take(ann);
  CAPTURE(heard);
  REQUIRE(heard.size() == 1);
  CHECK(is_error(heard[0], "unavailable"));
  CHECK(has(heard[0], R"("id":2)"));
  settle();
  CHECK(count_of(take(ann), R"("code":"unavailable")") == 1);
  here.is_fenced = false;
  say(ann, large(R"(,"id":3)"));
  expel(here);
  publish_view();
  let_go();
  CHECK(count_of(take(ann), R"("code":"unavailable")") == 1);
  say(ann, large(R"(,"id":4)"));
  CHECK(count_of(take(ann), R"("id":4,"ok":true)") == 1);
}

TEST_CASE_METHOD(retry_fixture, "few wait for the first try at once",
                 "[shared]") {
  for (auto i = 0; i < 17; ++i)
    say_soon(ann, large(R"(,"id":)" + std::to_string(i)));
  run();
  CHECK(copies() == 2);
  let_go();
  auto heard = take(ann);
  CHECK(count_of(heard, R"("ok":true,"seq":3)") == 17);
  CHECK(count_of(heard, R"("type":"chat")") == 1);
}

TEST_CASE_METHOD(cluster_fixture, "a fenced node refuses what is published",
                 "[shared]") {
  auto& home = home_of("r");
  auto& ann = connect(home, "ann", {"r"});
  home.is_fenced = true;
  take(ann);
  say(ann, chat_of("r", "1", R"(,"id":1)"));
  auto heard = take(ann);
  CAPTURE(heard);
  REQUIRE(heard.size() == 1);
  CHECK(is_error(heard[0], "unavailable"));
}

TEST_CASE_METHOD(cluster_fixture, "what waits at a fenced node is refused",
                 "[shared]") {
  auto& home = home_of("r");
  auto& standby = standby_of("r");
  auto& ann = connect(home, "ann", {"r"});
  auto& bob = connect(bystander_of("r"), "bob", {"r"});
  cut = {{home.stay, standby.stay}, {standby.stay, home.stay}};
  take(ann);
  take(bob);
  auto& served = home.sockets.service[ann.id];
  auto before = served;
  say(ann, chat_of("r", "1", R"(,"id":1)"));
  CHECK(count_of(take(ann), R"("id":1)") == 0);
  home.is_fenced = true;
  settle(2);
  auto heard = take(ann);
  CAPTURE(heard);
  REQUIRE(heard.size() == 1);
  CHECK(is_error(heard[0], "unavailable"));
  CHECK(served == before + 1);
  // Nobody knew, so it may be there.
  home.is_fenced = false;
  cut.clear();
  settle();
  CHECK(take(ann).empty());
  CHECK(count_of(take(bob), R"("content":1,"sender":"ann")") == 1);
  CHECK(served == before + 1);
}

TEST_CASE_METHOD(cluster_fixture,
                 "the lease of a node's next stay is none of a room that is in "
                 "as the one before",
                 "[shared]") {
  kill(at(1));
  kill(at(2));
  publish_view();
  settle();
  auto& ann = connect(at(0), "ann", {"r"});
  take(ann);
  // The room has not heard of it.
  at(0).stay = incarnation{++stays};
  say(ann, chat_of("r", "1", R"(,"id":1)"));
  CHECK(is_error(take(ann).at(0), "unavailable"));
}

TEST_CASE_METHOD(cluster_fixture, "who waits for a home for long is refused",
                 "[shared]") {
  auto& home = home_of("r");
  auto& here = bystander_of("r");
  auto& ann = connect(here, "ann", {"r"});
  cut = {{home.stay, here.stay}, {here.stay, home.stay}};
  take(ann);
  auto& served = here.sockets.service[ann.id];
  auto before = served;
  auto chat = chat_of("r", "1", R"(,"id":1,"key":"k")");
  say(ann, chat);
  CHECK(take(ann).empty());
  settle(letter_pauses);
  auto heard = take(ann);
  CAPTURE(heard);
  REQUIRE(heard.size() == 1);
  CHECK(is_error(heard[0], "unavailable"));
  CHECK(served == before + 1);
  cut.clear();
  settle();
  CHECK(count_of(take(ann), R"("content":1,"sender":"ann")") == 1);
  CHECK(served == before + 1);
  // What it asks again was said already.
  say(ann, chat);
  heard = take(ann);
  REQUIRE(heard.size() == 1);
  CHECK(has(heard[0], R"({"type":"reply","id":1,"ok":true,"seq":2)"));
  CHECK(served == before + 2);
}

TEST_CASE_METHOD(cluster_fixture, "who lost its lease comes back with members",
                 "[shared]") {
  std::string room = "r";
  auto& home = home_of(room);
  auto& ann = connect(home, "ann", {"r"});
  auto& bob = connect(bystander_of(room), "bob", {"r"});
  take(ann);
  take(bob);
  out.insert(home.stay);
  publish_view();
  settle();
  auto heard = take(bob);
  CAPTURE(heard);
  CHECK(count_of(heard, R"("user_id":"ann","room":"r","reason":"node_down")")
        == 1);
  expel(home);
  publish_view();
  settle();
  heard = take(bob);
  CAPTURE(heard);
  CHECK(count_of(heard, R"("type":"user_joined","user_id":"ann")") == 1);
  say(ann, chat_of(room, R"("back")"));
  CHECK(count_of(take(bob), R"("content":"back")") == 1);
  CHECK(count_of(take(ann), R"("content":"back")") == 1);
}

TEST_CASE_METHOD(cluster_fixture, "a shared room may be full", "[shared]") {
  for (auto& x : nodes)
    x.env.limits.members_per_room = 1;
  connect(at(0), "ann", {"r"});
  auto& bob = connect(at(1), "bob");
  take(bob);
  say(bob, R"({"type":"join","room":"r","id":1})");
  CHECK(count_of(take(bob), R"("code":"room_full")") == 1);
}

TEST_CASE_METHOD(
  cluster_fixture,
  "a user who leaves as one of the last that are announced is told",
  "[shared]") {
  for (auto& x : nodes)
    x.env.limits.members_announced = 2;
  auto& ann = connect(at(0), "ann", {"r"});
  auto& bob = connect(at(1), "bob", {"r"});
  take(ann);
  hang_up(bob);
  CHECK(count_of(take(ann), R"("type":"user_left","user_id":"bob")") == 1);
}

TEST_CASE_METHOD(cluster_fixture, "a key that is repeated without id is served",
                 "[shared]") {
  auto& there = bystander_of("r");
  auto& ann = connect(there, "ann", {"r"});
  auto chat = chat_of("r", "1", R"(,"key":"k")");
  say(ann, chat);
  auto& served = there.sockets.service[ann.id];
  auto before = served;
  say(ann, chat);
  CHECK(served == before + 1);
}

TEST_CASE_METHOD(cluster_fixture, "presence goes with its connection",
                 "[shared]") {
  auto& ann = connect(at(0), "ann", {"r"});
  auto& bob = connect(at(1), "bob", {"r"});
  say(ann, R"({"type":"presence","room":"r","data":{"x":1}})");
  take(bob);
  hang_up(ann);
  CHECK(count_of(take(bob), R"("type":"presence_diff")") == 1);
  CHECK_FALSE(knows_presence(at(1), R"("x":1)"));
}

TEST_CASE_METHOD(cluster_fixture,
                 "presence is back where all nodes are out at once",
                 "[shared]") {
  auto& home = home_of("r");
  auto& there = bystander_of("r");
  auto& ann = connect(home, "ann", {"r"});
  auto& bob = connect(there, "bob", {"r"});
  say(ann, R"({"type":"presence","room":"r","data":{"x":1}})");
  say(bob, R"({"type":"presence","room":"r","data":{"y":1}})");
  for (auto& x : nodes)
    expel(x);
  publish_view();
  settle(12);
  for (auto* x : {&home, &there}) {
    CHECK(knows_presence(*x, R"("x":1)"));
    CHECK(knows_presence(*x, R"("y":1)"));
  }
}

TEST_CASE_METHOD(cluster_fixture,
                 "who is lost while the home is fenced goes afterwards",
                 "[shared]") {
  auto& home = home_of("r");
  auto& ann = connect(home, "ann", {"r"});
  connect(bystander_of("r"), "bob", {"r"});
  home.is_fenced = true;
  kill(bystander_of("r"));
  publish_view();
  settle(12);
  take(ann);
  home.is_fenced = false;
  settle(12);
  CHECK(count_of(take(ann), R"("type":"user_left","user_id":"bob")") == 1);
}

TEST_CASE_METHOD(cluster_fixture, "presence and signals cross nodes",
                 "[shared]") {
  auto& ann = connect(at(0), "ann", {"r"});
  auto& bob = connect(at(1), "bob", {"r"});
  auto& cay = connect(at(2), "cay", {"r"});
  take(ann);
  take(bob);
  take(cay);
  say(ann, R"({"type":"presence","room":"r","data":{"x":1}})");
  CHECK(count_of(take(bob), R"("type":"presence_diff")") == 1);
  CHECK(count_of(take(cay), R"("data":{"x":1})") == 1);
  take(ann);
  for (auto* one : {&ann, &bob, &cay}) {
    say(*one, R"({"type":"signal","room":"r","name":"typing","data":1})");
    size_t heard = 0;
    for (auto* other : {&ann, &bob, &cay})
      heard += count_of(take(*other), R"("type":"signal")");
    CHECK(heard == 2);
  }
}

TEST_CASE_METHOD(cluster_fixture,
                 "what is said again after a node was away for "
                 "long is said",
                 "[shared]") {
  auto& home = home_of("r");
  auto& standby = standby_of("r");
  auto& ann = connect(home, "ann", {"r"});
  auto& bob = connect(standby, "bob", {"r"});
  take(ann);
  // It has a place there, and nobody else ever hears of it.
  lose_links(home);
  for (auto& other : nodes)
    cut.insert({home.stay, other.stay});
  auto chat = chat_of("r", R"("mine")", R"(,"id":1,"key":"k")");
  say(ann, chat);
  CHECK(count_of(take(ann), R"("content":"mine")") == 1);
  out.insert(home.stay);
  publish_view();
  settle();
  auto other = chat_of("r", R"("other")", R"(,"id":2,"key":"k")");
  say(bob, other);
  // The home begins anew when it is back.
  say_much(bob, "r");
  expel(home);
  publish_view();
  settle();
  take(ann);
  take(bob);
  say(ann, chat);
  auto heard = take(bob);
  CAPTURE(heard);
  CHECK(count_of(heard, R"("content":"mine","sender":"ann")") == 1);
  // And what was said meanwhile is not said again.
  say(bob, other);
  heard = take(bob);
  CAPTURE(heard);
  CHECK(count_of(heard, R"("id":2,"ok":true)") == 1);
  CHECK(count_of(heard, R"("content":"other")") == 0);
}
