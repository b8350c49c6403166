// SPDX-License-Identifier: MIT
#include "messages/limits.hpp"
#include "tests/actors/cluster_fixture.hpp"
#include "tests/support/catch.hpp"

#include <chrono>

using namespace parlor;
using namespace parlor::test;

namespace {

/// A room whose leader, standby and bystander are known.
struct copies_fixture : cluster_fixture {
  room_state* room_at(node& x) {
    auto& rooms = state_of<directory_state>(x.core.directory).rooms;
    auto found = rooms.find(room_name{"r"});
    return found == rooms.end() ? nullptr
                                : &state_of<room_state>(found->second.handle);
  }

  const replica& part_at(node& x) { return room_at(x)->shared->part(); }

  void part(node& x, node& y) {
    cut.insert({x.stay, y.stay});
    cut.insert({y.stay, x.stay});
  }

  /// Their link is lost and there again; both will hear of that.
  void blink(node& x, node& y) {
    roads.erase({x.stay, y.stay});
    roads.erase({y.stay, x.stay});
    lose_link(x, y);
    lose_link(y, x);
  }

  /// What somebody who comes in there is told was said before.
  texts history_at(node& x) {
    auto& one = connect(x, "eve");
    take(one);
    say(one, R"({"type":"join","room":"r","rewind":10,"id":1})");
    auto heard = take(one);
    hang_up(one);
    return heard;
  }

  node& home = home_of("r");
  node& standby = standby_of("r");
  node& bystander = bystander_of("r");
};

const auto precious = cluster_fixture::chat_of("r", R"("precious")",
                                               R"(,"id":1,"key":"k")");

} // namespace

// -- two nodes have what was confirmed -------------------------------------------

TEST_CASE_METHOD(copies_fixture,
                 "a drained standby keeps its copy until the next has one",
                 "[copies]") {
  auto& ann = connect(home, "ann", {"r"});
  say(ann, precious);
  CHECK(count_of(take(ann), R"("id":1,"ok":true)") == 1);
  standby.is_draining = true;
  part(home, bystander);
  publish_view();
  settle(3);
  CHECK(part_at(home).established() < revision);
  kill(home);
  publish_view();
  settle(20);
  CHECK(count_of(history_at(standby), R"("content":"precious")") == 1);
}

TEST_CASE_METHOD(copies_fixture,
                 "a standby that another one follows keeps its copy until then",
                 "[copies]") {
  kill(standby);
  publish_view();
  settle();
  auto& ann = connect(home, "ann", {"r"});
  say(ann, precious);
  CHECK(count_of(take(ann), R"("id":1,"ok":true)") == 1);
  start(standby);
  part(home, standby);
  publish_view();
  settle(3);
  kill(home);
  publish_view();
  settle(20);
  CHECK(count_of(history_at(bystander), R"("content":"precious")") == 1);
}

TEST_CASE_METHOD(cluster_fixture, "what replicas keep is in the total",
                 "[shared]") {
  constexpr size_t most = 64 << 10;
  for (auto& x : nodes) {
    x.env.limits.history_size = 0;
    x.env.limits.history_total_bytes = most;
  }
  auto& ann = connect(home_of("r"), "ann", {"r"});
  auto& bob = connect(bystander_of("r"), "bob", {"r"});
  auto content = '"' + std::string(1000, 'x') + '"';
  for (auto i = 0; i < 20; ++i)
    say_soon(ann, chat_of("r", content));
  settle();
  for (auto& x : nodes)
    CHECK(x.env.kept() > 20'000);
  for (auto i = 0; i < 100; ++i) {
    say_soon(ann, chat_of("r", content));
    deliver_all();
    for (auto& x : nodes)
      REQUIRE(x.env.kept() <= most);
  }
  settle();
  CHECK(count_of(take(bob), R"("type":"chat")") == 120);
  // Who comes in for the first time begins with what all of it has made.
  auto& cay = connect(standby_of("r"), "cay", {"r"});
  kill(home_of("r"));
  publish_view();
  settle();
  take(cay);
  say(bob, chat_of("r", "1"));
  CHECK(count_of(take(cay), R"("type":"chat")") == 1);
}

TEST_CASE_METHOD(cluster_fixture, "presence on all nodes is in the total",
                 "[shared]") {
  auto& ann = connect(home_of("r"), "ann", {"r"});
  connect(bystander_of("r"), "bob", {"r"});
  auto used = [&](node& x) { return x.env.presences->used(); };
  auto data = '"' + std::string(1000, 'x') + '"';
  say(ann, R"({"type":"presence","room":"r","data":)" + data + "}");
  CHECK(used(home_of("r")) > 2000);
  CHECK(used(bystander_of("r")) > 2000);
  // As much as there is: nobody on any node says more.
  for (auto& x : nodes)
    x.env.limits.history_total_bytes = presence_part * used(home_of("r"));
  take(ann);
  say(ann, R"({"type":"presence","room":"r","data":1,"id":1})");
  CHECK(count_of(take(ann), R"("ok":true)") == 1);
  hang_up(ann);
  CHECK(used(home_of("r")) == 0);
  CHECK(used(bystander_of("r")) == 0);
}

TEST_CASE_METHOD(
  copies_fixture,
  "what a home confirms alone before it hears that it is out is there when it "
  "comes back",
  "[copies]") {
  auto& ann = connect(home, "ann", {"r"});
  connect(standby, "bob", {"r"});
  standby.is_draining = bystander.is_draining = true;
  publish_view();
  settle();
  // Suspended, and taken out, it wakes within its lease.
  out.insert(home.stay);
  publish_view();
  settle(10);
  say(ann, precious);
  CHECK(count_of(take(ann), R"("id":1,"ok":true)") == 1);
  CHECK_FALSE(part_at(standby).joined());
  out.erase(home.stay);
  expel(home);
  publish_view();
  settle(20);
  CHECK(count_of(history_at(standby), R"("content":"precious")") == 1);
}

TEST_CASE_METHOD(copies_fixture, "who has no part any more ends, once two have",
                 "[copies]") {
  auto& ann = connect(home, "ann", {"r"});
  say(ann, precious);
  standby.is_draining = true;
  publish_view();
  settle(20);
  CHECK(room_at(standby) == nullptr);
  CHECK(room_at(bystander) != nullptr);
}

// -- nobody is forgotten ---------------------------------------------------------

TEST_CASE_METHOD(
  copies_fixture,
  "who was let in over the next link before the loss of the last "
  "was heard of is told what is said",
  "[copies]") {
  auto& ann = connect(home, "ann", {"r"});
  auto& bob = connect(bystander, "bob", {"r"});
  blink(home, bystander);
  run();
  // Its promise is in the mailbox when the link is lost once more.
  scheduler().advance_time(std::chrono::milliseconds{100});
  run();
  deliver();
  blink(home, bystander);
  settle(20);
  take(bob);
  for (int i = 0; i < 5; ++i)
    say(ann, chat_of("r", std::to_string(i)));
  CHECK(count_of(take(bob), R"("type":"chat")") == 5);
}

// -- all leases are lost at once -------------------------------------------------

namespace {

struct all_out_fixture : copies_fixture {
  void lose_all_leases() {
    for (auto& x : nodes)
      out.insert(x.stay);
    for (auto& x : nodes)
      expel(x);
    settle(3);
  }

  void come_back() {
    publish_view();
    settle(30);
  }

  /// Says it once more, by its key, and returns what became of it.
  std::string again(node& x) {
    auto& ann = connect(x, "ann", {"r"});
    take(ann);
    say(ann, precious);
    auto heard = take(ann);
    CAPTURE(heard);
    REQUIRE(heard.size() == 1);
    return heard[0];
  }
};

} // namespace

TEST_CASE_METHOD(all_out_fixture,
                 "what nobody is in to hear is kept when all leases are lost",
                 "[copies]") {
  auto& ann = connect(home, "ann", {"r"});
  say(ann, precious);
  hang_up(ann);
  lose_all_leases();
  CHECK(room_at(home) != nullptr);
  CHECK(room_at(standby) != nullptr);
  come_back();
  CHECK(count_of(history_at(bystander), R"("content":"precious")") == 1);
  CHECK(has(again(bystander), R"("id":1,"ok":true,"seq":2)"));
}

TEST_CASE_METHOD(
  all_out_fixture,
  "members on a node that lags do not make others lose what they "
  "have when all leases are lost",
  "[copies]") {
  for (auto& x : nodes)
    x.env.limits.history_size = 0;
  auto& bob = connect(bystander, "bob", {"r"});
  auto& ann = connect(home, "ann", {"r"});
  take(bob);
  held.insert({home.stay, bystander.stay});
  auto plain = chat_of("r", R"("precious")", R"(,"id":1)");
  say(ann, plain);
  CHECK(count_of(take(ann), R"("id":1,"ok":true,"seq":3)") == 1);
  hang_up(ann);
  lose_all_leases();
  held.clear();
  come_back();
  auto& cay = connect(home, "cay", {"r"});
  take(cay);
  say(cay, plain);
  auto heard = take(cay);
  CAPTURE(heard);
  CHECK(count_of(heard, R"("id":1,"ok":true)") == 1);
  // Nothing else has the number of what was confirmed.
  CHECK(count_of(heard, R"("id":1,"ok":true,"seq":3)") == 0);
  heard = take(bob);
  CHECK(count_of(heard, R"("seq":3)") == 1);
  CHECK(count_of(heard, R"("content":"precious","sender":"ann")") == 1);
}

TEST_CASE_METHOD(all_out_fixture,
                 "a room with nothing to keep ends while its node is out",
                 "[copies]") {
  for (auto& x : nodes)
    x.env.limits.history_size = 0;
  auto& ann = connect(home, "ann", {"r"});
  hang_up(ann);
  lose_all_leases();
  settle(30);
  for (auto& x : nodes)
    CHECK(rooms_at(x) == 0);
}

TEST_CASE_METHOD(all_out_fixture,
                 "what a node that is out keeps goes when it is too old",
                 "[copies]") {
  auto& ann = connect(home, "ann", {"r"});
  say(ann, precious);
  hang_up(ann);
  lose_all_leases();
  REQUIRE(room_at(home) != nullptr);
  advance(home.env.limits.history_ttl + key_ttl);
  settle(30);
  CHECK(room_at(home) == nullptr);
  CHECK(room_at(standby) == nullptr);
}

// -- nothing grows ---------------------------------------------------------------

TEST_CASE_METHOD(copies_fixture,
                 "a room forgets who had a part in it and has none any more",
                 "[copies]") {
  auto& ann = connect(home, "ann", {"r"});
  auto producers = [this] {
    auto& log = part_at(home).log();
    return log.sequenced_at(log.seq()).size();
  };
  for (int i = 0; i < 20; ++i) {
    auto& bob = connect(bystander, "bob", {"r"});
    hang_up(bob);
  }
  CHECK(producers() <= 2);
  for (int i = 0; i < 20; ++i) {
    auto& bob = connect(bystander, "bob", {"r"});
    hang_up(bob);
    out.insert(bystander.stay);
    publish_view();
    expel(bystander);
    publish_view();
    settle();
  }
  CHECK(producers() <= 2);
  take(ann);
}

// -- rooms that fail -------------------------------------------------------------

namespace {

/// Where the room of two members fails, cut off from its home.
struct failing_copy_fixture : copies_fixture {
  failing_copy_fixture() {
    lose_link(bystander, home);
    part(home, bystander);
    run();
    hang_up(cay);
  }

  void fail_soon() {
    bystander.sockets.broken = true;
    say_soon(bob, R"({"type":"members","room":"r"})");
  }

  void mend() {
    run();
    CHECK_FALSE(bystander.sockets.broken);
    cut.clear();
    settle(40);
  }

  std::string members() {
    take(ann);
    say(ann, R"({"type":"members","room":"r","id":9})");
    auto heard = take(ann);
    CAPTURE(heard);
    REQUIRE(heard.size() == 1);
    return heard[0];
  }

  client& ann = connect(home, "ann", {"r"});
  client& bob = connect(bystander, "bob", {"r"});
  client& cay = connect(bystander, "cay", {"r"});
};

} // namespace

TEST_CASE_METHOD(failing_copy_fixture,
                 "who left a room before it failed is in no more", "[copies]") {
  fail_soon();
  mend();
  CHECK(has(members(), R"("members":["ann","bob"])"));
}

TEST_CASE_METHOD(
  failing_copy_fixture,
  "who was in a room that failed and does not come back is in no "
  "more",
  "[copies]") {
  fail_soon();
  hang_up_soon(bob);
  mend();
  CHECK(has(members(), R"("members":["ann"])"));
  CHECK(room_at(bystander) == nullptr);
}

// -- a node that stops, and one that starts --------------------------------------

TEST_CASE_METHOD(copies_fixture,
                 "a node that drains knows when two others have what it had",
                 "[copies]") {
  auto& ann = connect(home, "ann", {"r"});
  say(ann, precious);
  CHECK(is_settled(home));
  home.is_draining = true;
  auto parted = std::pair{standby.stay, bystander.stay};
  held.insert(parted);
  publish_view();
  settle(20);
  CHECK_FALSE(is_settled(home));
  held.clear();
  settle(20);
  CHECK(is_settled(home));
  CHECK(is_settled(standby));
  CHECK(is_settled(bystander));
}
