// SPDX-License-Identifier: MIT
#include "actors/lane.hpp"

#include "tests/support/actor_fixture.hpp"
#include "tests/support/catch.hpp"

using namespace parlor;
using namespace parlor::test;

namespace {

using texts = std::vector<std::string>;

/// The lane of thread 0, with a member of each dialect.
struct lane_fixture : actor_fixture {
  lane_fixture() {
    lane = spawn<lane_state>(&sockets[0], uint8_t{0});
    for (auto [who, speaks] :
         {std::pair{typed, dialect::typed}, std::pair{action, dialect::action},
          std::pair{text, dialect::text}})
      tell(lane, admission{who, speaks, {}});
  }

  static frames one_each(const std::string& what) {
    frames result;
    for (auto to : all_dialects)
      result[to] = frame{std::string{dialect_names[index_of(to)]} + what};
    return result;
  }

  texts heard_by(connection_id who) { return sockets[0].take(who); }

  size_t services() {
    size_t result = 0;
    for (auto& one : sockets[0].service)
      result += one.second;
    return result;
  }

  lane_actor lane;
  connection_id typed = id_of(0, 1);
  connection_id action = id_of(0, 2);
  connection_id text = id_of(0, 3);
};

} // namespace

TEST_CASE_METHOD(lane_fixture, "a new member is greeted first") {
  auto late = id_of(0, 4);
  tell(lane,
       admission{late, dialect::typed, {frame{"a"}, frame{}, frame{"b"}}});
  tell(lane, delivery{one_each("1"), {}, {}, {}});
  CHECK(heard_by(late) == texts{"a", "b", "typed1"});
  CHECK(heard_by(typed) == texts{"typed1"});
}

TEST_CASE_METHOD(lane_fixture, "each member hears its own dialect") {
  tell(lane, delivery{one_each("1"), {}, {}, {}});
  CHECK(heard_by(typed) == texts{"typed1"});
  CHECK(heard_by(action) == texts{"action1"});
  CHECK(heard_by(text) == texts{"text1"});
}

TEST_CASE_METHOD(lane_fixture, "a dialect without a word of it hears nothing") {
  auto what = one_each("1");
  what[dialect::text] = {};
  tell(lane, delivery{what, {}, {}, {}});
  CHECK(heard_by(text).empty());
  CHECK(heard_by(action).size() == 1);
}

TEST_CASE_METHOD(lane_fixture, "who is left out gets the other frame") {
  frames skip;
  skip[dialect::typed] = frame{"skip"};
  tell(lane, delivery{one_each("1"), {typed, text, id_of(1, 9)}, skip, {}});
  CHECK(heard_by(typed) == texts{"skip"});
  CHECK(heard_by(text).empty());
  CHECK(heard_by(action) == texts{"action1"});
  CHECK(sockets[0].sent.count(id_of(1, 9)) == 0);
}

TEST_CASE_METHOD(lane_fixture, "those beside who is left out hear it at once") {
  for (uint32_t slot = 4; slot < 20; ++slot)
    tell(lane, admission{id_of(0, slot), dialect::typed, {}});
  sockets[0].broadcasts = 0;
  frames skip;
  skip[dialect::typed] = frame{"skip"};
  tell(lane, delivery{one_each("1"), {id_of(0, 9)}, skip, {}});
  CHECK(heard_by(typed) == texts{"typed1"});
  for (uint32_t slot = 4; slot < 20; ++slot)
    CHECK(heard_by(id_of(0, slot)) == texts{slot == 9 ? "skip" : "typed1"});
  // Two runs of the one dialect, and one of each other.
  CHECK(sockets[0].broadcasts == 4);
}

TEST_CASE_METHOD(lane_fixture, "who is left out once is in again") {
  tell(lane, delivery{one_each("1"), {typed}, {}, {}});
  tell(lane, delivery{one_each("2"), {}, {}, {}});
  CHECK(heard_by(typed) == texts{"typed2"});
  CHECK(heard_by(action) == texts{"action1", "action2"});
}

TEST_CASE_METHOD(lane_fixture, "a member that goes hears its last frame last") {
  tell(lane, delivery{one_each("1"), {}, {}, {}});
  tell(lane, dismissal{typed, dialect::typed, frame{"bye"}});
  tell(lane, delivery{one_each("2"), {}, {}, {}});
  CHECK(heard_by(typed) == texts{"typed1", "bye"});
  CHECK(heard_by(text) == texts{"text1", "text2"});
}

TEST_CASE_METHOD(lane_fixture, "a leave is served with its dismissal") {
  tell(lane, dismissal{typed, dialect::typed, frame{"bye"}});
  CHECK(sockets[0].service[typed] == 1);
  CHECK(services() == 1);
}

TEST_CASE_METHOD(lane_fixture, "a dismissal may have nothing to say") {
  tell(lane, dismissal{typed, dialect::typed, {}});
  tell(lane, dismissal{typed, dialect::typed, {}});
  tell(lane, delivery{one_each("1"), {}, {}, {}});
  CHECK(heard_by(typed).empty());
  CHECK(heard_by(action).size() == 1);
}

TEST_CASE_METHOD(lane_fixture, "who comes back is a member once") {
  tell(lane, dismissal{typed, dialect::typed, {}});
  tell(lane, admission{typed, dialect::typed, {frame{"hello"}}});
  tell(lane, delivery{one_each("1"), {}, {}, {}});
  CHECK(heard_by(typed) == texts{"hello", "typed1"});
}

TEST_CASE_METHOD(lane_fixture, "a remark is for one alone, a member or not") {
  tell(lane, remark{action, frame{"psst"}});
  tell(lane, remark{id_of(0, 9), frame{"no"}});
  CHECK(heard_by(action) == texts{"psst"});
  CHECK(heard_by(id_of(0, 9)) == texts{"no"});
  CHECK(heard_by(typed).empty());
  CHECK(services() == 0);
}

TEST_CASE_METHOD(lane_fixture, "mail is for some, members or not") {
  tell(lane, mail{{{action, frame{"psst"}, false},
                   {id_of(0, 9), frame{"no member"}, false},
                   {typed, frame{}, true}}});
  CHECK(heard_by(action) == texts{"psst"});
  CHECK(heard_by(id_of(0, 9)) == texts{"no member"});
  CHECK(heard_by(typed).empty());
  CHECK(sockets[0].service[typed] == 1);
  CHECK(services() == 1);
}

TEST_CASE_METHOD(lane_fixture, "a remark may end a service, an empty one too") {
  tell(lane, remark{action, frame{"done"}, true});
  tell(lane, remark{typed, frame{}, true});
  CHECK(sockets[0].service[action] == 1);
  CHECK(sockets[0].service[typed] == 1);
  CHECK(services() == 2);
}

TEST_CASE_METHOD(lane_fixture, "a message is served once it is delivered") {
  tell(lane, delivery{one_each("1"), {}, {}, typed});
  CHECK(sockets[0].service[typed] == 1);
  CHECK(services() == 1);
  SECTION("where its sender is left out, too") {
    tell(lane, delivery{one_each("2"), {typed}, {}, typed});
    CHECK(sockets[0].service[typed] == 2);
  }
  SECTION("where its sender is no member any more, too") {
    tell(lane, dismissal{typed, dialect::typed, {}});
    auto before = services();
    tell(lane, delivery{one_each("2"), {}, {}, typed});
    CHECK(services() == before + 1);
  }
}

TEST_CASE_METHOD(lane_fixture, "a message of another thread is served there") {
  tell(lane, delivery{one_each("1"), {}, {}, id_of(1, 1)});
  tell(lane, delivery{one_each("2"), {typed}, {}, id_of(1, 1)});
  CHECK(services() == 0);
  CHECK(sockets[1].service.empty());
}

TEST_CASE_METHOD(lane_fixture, "an announcement is for the whole thread") {
  tell(lane, announcement{one_each("1"), {typed}});
  REQUIRE(sockets[0].announcements.size() == 1);
  CHECK(sockets[0].announcements[0].first[dialect::text].text() == "text1");
  CHECK(sockets[0].announcements[0].second == std::vector{typed});
  CHECK(sockets[1].announcements.empty());
}

TEST_CASE_METHOD(lane_fixture, "a lane is encoded for, and sends, in bulk") {
  for (uint32_t i = 10; i < 110; ++i)
    tell(lane, admission{id_of(0, i), dialect::typed, {}});
  auto before = sockets[0].broadcasts;
  tell(lane, delivery{one_each("1"), {}, {}, {}});
  CHECK(sockets[0].broadcasts - before <= dialects);
  CHECK(heard_by(id_of(0, 109)) == texts{"typed1"});
}

TEST_CASE_METHOD(lane_fixture, "a lane answers probes and describes itself") {
  auto alive = ask<bool>(lane, atom::probe_v);
  REQUIRE(alive);
  CHECK(*alive);
  auto shown = ask<report>(lane, state_query{});
  REQUIRE(shown);
  CHECK(shown->kind == "lane");
  CHECK(shown->actor == lane.id());
}

TEST_CASE_METHOD(lane_fixture, "what is fleeting is not for who is behind") {
  auto other = id_of(0, 4);
  auto late = id_of(0, 5);
  for (auto one : {other, late})
    tell(lane, admission{one, dialect::typed, {}});
  sockets[0].slow.insert(late);
  tell(lane, delivery{one_each("1"), {other}, {}, typed, true});
  CHECK(heard_by(typed) == texts{"typed1"});
  CHECK(heard_by(action) == texts{"action1"});
  CHECK(heard_by(other).empty());
  CHECK(heard_by(late).empty());
  CHECK(sockets[0].service[typed] == 1);
  tell(lane, delivery{one_each("2"), {}, {}, {}});
  CHECK(heard_by(other) == texts{"typed2"});
  CHECK(heard_by(late) == texts{"typed2"});
}
