// SPDX-License-Identifier: MIT
#include "actors/presence_board.hpp"

#include "tests/support/catch.hpp"

using namespace parlor;

namespace {

const room_name tea{"tea"};
const user_id ann{"ann"};
const user_id bob{"bob"};
const connection_id one{0, 1, 1};
const connection_id two{0, 2, 1};
constexpr size_t plenty = 100;

struct board_fixture {
  presence_board board;

  bool quiet() {
    return std::holds_alternative<std::monostate>(board.take_news(tea, plenty));
  }

  event::presence_diff::change change() {
    return *std::get<event::presence_diff>(board.take_news(tea, plenty))
              .changed;
  }

  event::presences all() { return *board.state(tea, plenty).state; }
};

using presences = event::presences;

} // namespace

TEST_CASE("a board knows what it takes") {
  presence_board board;
  auto grows = [&](connection_id id, const std::string& data) {
    auto before = board.bytes();
    auto more = board.growth(ann, id, data.size());
    board.set(ann, id, data);
    CHECK(board.bytes() <= before + more);
    return board.bytes() - before;
  };
  auto first = grows(one, "1");
  CHECK(first > 100);
  CHECK(grows(two, "12345") == first + 4);
  CHECK(grows(one, "123") == 2);
  CHECK(grows(one, "123") == 0);
  board.set(ann, two, "1");
  CHECK(board.bytes() == 2 * first + 2);
  board.remove(ann, one);
  CHECK(board.bytes() == first);
  board.remove(ann, one);
  board.remove(ann, two);
  CHECK(board.bytes() == 0);
}

TEST_CASE_METHOD(board_fixture, "what connections say is the state") {
  CHECK(board.set(bob, two, "2"));
  CHECK(board.set(ann, one, "1"));
  CHECK(all() == presences{{ann, {{one, "1"}}}, {bob, {{two, "2"}}}});
  CHECK(board.size() == 2);
}

TEST_CASE_METHOD(board_fixture, "each connection of a user speaks for itself") {
  board.set(ann, one, "1");
  board.set(ann, two, "2");
  CHECK(all() == presences{{ann, {{one, "1"}, {two, "2"}}}});
  CHECK(board.remove(ann, one));
  CHECK(all() == presences{{ann, {{two, "2"}}}});
  CHECK(board.size() == 1);
}

TEST_CASE_METHOD(board_fixture, "members are told what has changed, once") {
  CHECK(quiet());
  board.set(ann, one, "1");
  auto first = change();
  CHECK(first.joins == presences{{ann, {{one, "1"}}}});
  CHECK(first.leaves.empty());
  CHECK(quiet());
  board.set(ann, one, "2");
  board.set(ann, one, "3");
  auto second = change();
  CHECK(second.joins == presences{{ann, {{one, "3"}}}});
  CHECK(second.leaves.empty());
  board.remove(ann, one);
  auto third = change();
  CHECK(third.joins.empty());
  CHECK(third.leaves == presences{{ann, {{one, "3"}}}});
  CHECK(quiet());
  CHECK(board.empty());
}

TEST_CASE_METHOD(board_fixture, "the same again is no news") {
  board.set(ann, one, "1");
  change();
  CHECK_FALSE(board.set(ann, one, "1"));
  CHECK(quiet());
}

TEST_CASE_METHOD(board_fixture, "who comes and goes at once is no news") {
  board.set(ann, one, "1");
  CHECK(board.remove(ann, one));
  CHECK(quiet());
  CHECK_FALSE(board.remove(ann, one));
  CHECK_FALSE(board.remove(bob, two));
}

TEST_CASE_METHOD(board_fixture, "whom one member was shown goes for all") {
  board.set(ann, one, "1");
  board.show(tea, plenty, two);
  CHECK(board.remove(ann, one));
  auto told = change();
  CHECK(told.joins.empty());
  CHECK(told.leaves == presences{{ann, {{one, "1"}}}});
  CHECK(quiet());
}

TEST_CASE_METHOD(board_fixture, "whom nobody else was shown goes unseen") {
  board.set(ann, one, "1");
  board.show(tea, plenty, one);
  board.remove(ann, one);
  CHECK(quiet());
}

TEST_CASE_METHOD(board_fixture, "who goes and comes at once was never gone") {
  board.set(ann, one, "1");
  change();
  board.remove(ann, one);
  board.set(ann, one, "2");
  SECTION("and stays") {
    auto told = change();
    CHECK(told.joins == presences{{ann, {{one, "2"}}}});
    CHECK(told.leaves.empty());
  }
  SECTION("and goes") {
    board.remove(ann, one);
    auto told = change();
    CHECK(told.joins.empty());
    CHECK(told.leaves == presences{{ann, {{one, "2"}}}});
  }
}

TEST_CASE_METHOD(board_fixture,
                 "of too many on a board only the number is told") {
  board.set(ann, one, "1");
  board.set(bob, two, "2");
  auto state = board.state(tea, 1);
  CHECK(state.count == 2);
  CHECK_FALSE(state.state);
  auto diff = std::get<event::presence_diff>(board.take_news(tea, 1));
  CHECK(diff.count == 2);
  CHECK_FALSE(diff.changed);
}

TEST_CASE_METHOD(board_fixture, "where they are few again all is told") {
  board.set(ann, one, "1");
  board.set(bob, two, "2");
  board.take_news(tea, 1);
  board.remove(ann, one);
  auto state = std::get<event::presence_state>(board.take_news(tea, 1));
  REQUIRE(state.state);
  CHECK(*state.state == presences{{bob, {{two, "2"}}}});
  board.remove(bob, two);
  auto diff = std::get<event::presence_diff>(board.take_news(tea, 1));
  REQUIRE(diff.changed);
  CHECK(diff.changed->leaves == presences{{bob, {{two, "2"}}}});
}

TEST_CASE_METHOD(board_fixture,
                 "who was shown a number is told all where they are few again") {
  board.set(ann, one, "1");
  board.take_news(tea, 1);
  board.set(bob, two, "2");
  CHECK_FALSE(board.show(tea, 1, {0, 3, 1}).state);
  // Nobody has been told of this one.
  board.remove(bob, two);
  auto state = std::get<event::presence_state>(board.take_news(tea, 1));
  CHECK(state.state == presences{{ann, {{one, "1"}}}});
}
