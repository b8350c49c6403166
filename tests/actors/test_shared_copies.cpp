// SPDX-License-Identifier: MIT
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

const auto precious
  = cluster_fixture::chat_of("r", R"("precious")", R"(,"id":1,"key":"k")");

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

TEST_CASE_METHOD(copies_fixture,
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
