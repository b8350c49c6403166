// SPDX-License-Identifier: MIT
#include "tests/actors/heard.hpp"
#include "tests/actors/room_fixture.hpp"
#include "tests/support/catch.hpp"

using namespace parlor;
using namespace parlor::test;
using namespace std::chrono_literals;

namespace {

struct present_fixture : room_fixture {
  present_fixture() : ann{make(0, "ann")}, bob{make(1, "bob")} {
    enter(ann);
    enter(bob);
    hush();
  }

  void hush() {
    take(ann.id);
    take(bob.id);
  }

  void show(const client& who, const char* data, const char* request = "") {
    tell(room, presence_update{request_id{request}, who.id, data});
  }

  /// The presence of one connection, as JSON has it.
  static std::string of(const client& who, const char* data) {
    return '"' + who.user.str() + R"(":[{"connection":")" + to_string(who.id)
           + R"(","data":)" + data + "}]";
  }

  static std::string diff(const std::string& joins, const std::string& leaves) {
    return R"({"type":"presence_diff","room":"r","joins":{)" + joins
           + R"(},"leaves":{)" + leaves + "}}";
  }

  static std::string state_frame(const std::string& all) {
    return R"({"type":"presence_state","room":"r","state":{)" + all + "}}";
  }

  client ann;
  client bob;
};

/// Users who vanish are taken to be there for 2 seconds.
struct grace_fixture : present_fixture {
  grace_fixture() { env.limits.presence_grace = 2s; }
};

} // namespace

TEST_CASE_METHOD(present_fixture, "who sets presence is told everyone's") {
  show(ann, "1", "7");
  CHECK(take(ann.id)
        == texts{R"({"type":"reply","id":7,"ok":true,"room":"r"})",
                 state_frame(of(ann, "1"))});
  CHECK(sockets[0].service[ann.id] == 1);
  show(bob, "2");
  CHECK(take(bob.id) == texts{state_frame(of(ann, "1") + "," + of(bob, "2"))});
}

TEST_CASE_METHOD(present_fixture, "everyone's presence is told once") {
  show(ann, "1");
  show(bob, "2");
  advance(100ms);
  hush();
  SECTION("and not where nothing is new") {
    show(ann, "1", "7");
    CHECK(take(ann.id)
          == texts{R"({"type":"reply","id":7,"ok":true,"room":"r"})"});
    show(ann, "1");
    CHECK(take(ann.id).empty());
    advance(1s);
    CHECK(take(ann.id).empty());
    CHECK(take(bob.id).empty());
  }
  SECTION("and what is new is told as to all") {
    show(ann, "3", "7");
    CHECK(take(ann.id)
          == texts{R"({"type":"reply","id":7,"ok":true,"room":"r"})"});
    show(ann, "4");
    CHECK(take(ann.id).empty());
    advance(100ms);
    CHECK(take(ann.id) == texts{diff(of(ann, "4"), "")});
    CHECK(take(bob.id) == texts{diff(of(ann, "4"), "")});
  }
  // Each update is served, whatever it is answered by.
  CHECK(sockets[0].service[ann.id] == 3);
}

TEST_CASE_METHOD(present_fixture, "presence has a limit in all rooms") {
  auto error = R"({"type":"error","code":"limit_exceeded","message":)"
               R"("Too much presence","id":7,"retryable":true})";
  auto large = '"' + std::string(2000, 'x') + '"';
  auto small = std::string{"1"};
  show(ann, large.c_str());
  // Just so much is there.
  env.limits.history_total_bytes = presence_part * env.presences->used();
  hush();
  show(bob, small.c_str(), "7");
  CHECK(take(bob.id) == texts{error});
  CHECK(sockets[1].service[bob.id] == 1);
  CHECK(state().presence.size() == 1);
  show(ann, large.c_str(), "8");
  CHECK(take(ann.id).size() == 1);
  SECTION("whoever says less makes place") {
    show(ann, "2");
    show(bob, small.c_str());
    CHECK(state().presence.size() == 2);
  }
  SECTION("whoever leaves makes place") {
    part(ann);
    CHECK(env.presences->used() == 0);
    show(bob, small.c_str());
    CHECK(state().presence.size() == 1);
  }
  SECTION("a room that ends gives all back") {
    tell(room, atom::retired_v);
    CHECK(env.presences->used() == 0);
  }
}

TEST_CASE_METHOD(present_fixture, "who comes back is told everyone's again") {
  show(ann, "1");
  show(bob, "2");
  part(bob);
  enter(bob);
  advance(100ms);
  hush();
  show(bob, "2");
  CHECK(take(bob.id) == texts{state_frame(of(ann, "1") + "," + of(bob, "2"))});
}

TEST_CASE_METHOD(present_fixture, "all are told of changes, some time later") {
  show(ann, "1");
  show(bob, "2");
  show(bob, "3");
  hush();
  advance(99ms);
  CHECK(take(bob.id).empty());
  advance(1ms);
  auto told = diff(of(ann, "1") + "," + of(bob, "3"), "");
  CHECK(take(ann.id) == texts{told});
  CHECK(take(bob.id) == texts{told});
  advance(1s);
  CHECK(take(ann.id).empty());
}

TEST_CASE_METHOD(present_fixture, "a connection's end is a change") {
  show(ann, "1");
  show(bob, "2");
  advance(100ms);
  hush();
  SECTION("when it leaves") {
    part(bob);
  }
  SECTION("when it is gone") {
    vanish(bob, departure::closed);
  }
  advance(100ms);
  auto heard = take(ann.id);
  REQUIRE(heard.size() == 2);
  CHECK(has(heard[0], R"("type":"user_left")"));
  CHECK(heard[1] == diff("", of(bob, "2")));
}

TEST_CASE_METHOD(present_fixture, "a tab that ends takes its presence along") {
  auto tab = make(0, "ann");
  enter(tab);
  show(ann, "1");
  show(tab, "2");
  advance(100ms);
  hush();
  part(tab);
  advance(100ms);
  CHECK(take(bob.id) == texts{diff("", of(tab, "2"))});
}

TEST_CASE_METHOD(present_fixture, "a join may ask for presence") {
  show(ann, "1");
  auto carol = make(0, "carol", dialect::action);
  enter(carol, "7", false, {{}, 0, true});
  auto heard = take(carol.id);
  REQUIRE(heard.size() == 3);
  CHECK(has(heard[0], R"("type":"reply")"));
  CHECK(has(heard[1], R"("type":"user_joined")"));
  CHECK(heard[2] == state_frame(of(ann, "1")));
  enter(carol, "8", false, {{}, 0, true});
  heard = take(carol.id);
  REQUIRE(heard.size() == 2);
  CHECK(heard[1] == state_frame(of(ann, "1")));
}

TEST_CASE_METHOD(present_fixture, "of very many only the number is told") {
  env.limits.members_listed = 1;
  show(ann, "1");
  show(bob, "2");
  CHECK(take(bob.id)
        == texts{R"({"type":"presence_state","room":"r","count":2})"});
  hush();
  advance(100ms);
  CHECK(take(ann.id)
        == texts{R"({"type":"presence_diff","room":"r","count":2})"});
  part(bob);
  hush();
  advance(100ms);
  CHECK(take(ann.id) == texts{state_frame(of(ann, "1"))});
}

TEST_CASE_METHOD(present_fixture, "text clients hear nothing of presence") {
  auto carol = make(0, "carol", dialect::text);
  enter(carol, "", false, {{}, 0, true});
  show(carol, "1");
  advance(100ms);
  CHECK(take(carol.id).empty());
  CHECK(sockets[0].service[carol.id] == 1);
}

TEST_CASE_METHOD(present_fixture, "a stranger has no presence") {
  part(bob);
  take(bob.id);
  show(bob, "1", "7");
  CHECK(is_error(take(bob.id).at(0), "not_in_room"));
  CHECK(state().presence.empty());
}

TEST_CASE_METHOD(present_fixture, "a signal goes to all but its sender") {
  auto tab = make(1, "ann");
  auto reader = make(0, "reader", dialect::text);
  enter(tab);
  enter(reader);
  hush();
  take(tab.id);
  auto before = state().order.seq();
  tell(room, signal_message{request_id{"7"}, ann.id, "typing", "true"});
  auto told = texts{R"({"type":"signal","room":"r","name":"typing",)"
                    R"("data":true,"user_id":"ann"})"};
  CHECK(take(tab.id) == told);
  CHECK(take(bob.id) == told);
  CHECK(take(reader.id).empty());
  CHECK(take(ann.id)
        == texts{R"({"type":"reply","id":7,"ok":true,"room":"r"})"});
  CHECK(sockets[0].service[ann.id] == 1);
  CHECK(state().order.seq() == before);
  CHECK(state().log.size() == before);
}

TEST_CASE_METHOD(present_fixture, "a signal is not for who is behind") {
  sockets[1].slow.insert(bob.id);
  tell(room, signal_message{request_id{}, ann.id, "typing", "true"});
  CHECK(take(bob.id).empty());
  say(ann, "1");
  CHECK(take(bob.id).size() == 1);
}

TEST_CASE_METHOD(grace_fixture, "a user who vanishes is missed later") {
  vanish(bob, departure::timeout);
  CHECK(take(ann.id).empty());
  CHECK(ask<room_report>(room, atom::describe_v)->connections == 1);
  CHECK(ask<room_report>(room, atom::describe_v)->users.size() == 2);
  advance(1999ms);
  CHECK(take(ann.id).empty());
  advance(1ms);
  CHECK(take(ann.id)
        == texts{R"({"type":"user_left","user_id":"bob","room":"r",)"
                 R"("reason":"timeout","seq":3})"});
  CHECK(state().members.size() == 1);
}

TEST_CASE_METHOD(grace_fixture, "a user who comes back was never gone") {
  show(bob, "1");
  advance(100ms);
  hush();
  vanish(bob, departure::closed);
  advance(1s);
  auto again = make(0, "bob");
  recover(again, 2);
  auto heard = take(again.id);
  REQUIRE(heard.size() == 1);
  CHECK(has(heard[0], R"("seq":2,"members":["ann","bob"],"recovered":true)"));
  CHECK(take(ann.id).empty());
  advance(100ms);
  CHECK(take(ann.id) == texts{diff("", of(bob, "1"))});
  advance(5s);
  CHECK(take(ann.id).empty());
  CHECK(state().members.size() == 2);
  part(again);
  CHECK(take(ann.id).size() == 1);
}

TEST_CASE_METHOD(grace_fixture, "who says goodbye is missed at once") {
  SECTION("by leaving") {
    part(bob);
  }
  SECTION("by a close frame") {
    end(bob.handle, make_exit({close_code::normal, "", departure::closed}));
  }
  SECTION("by being kicked") {
    end(bob.handle, make_exit({close_code::kicked, "", departure::kicked}));
  }
  CHECK(has(take(ann.id).at(0), R"("type":"user_left")"));
  CHECK(state().absent.size() == 0);
}

TEST_CASE_METHOD(grace_fixture, "a user's other connection stays instead") {
  auto tab = make(0, "bob");
  enter(tab);
  vanish(bob, departure::closed);
  CHECK(state().absent.size() == 0);
  part(tab);
  CHECK(has(take(ann.id).at(0), R"("type":"user_left")"));
}

TEST_CASE_METHOD(grace_fixture, "an absent user keeps a room, and its place") {
  env.limits.members_per_room = 1;
  part(ann);
  vanish(bob, departure::closed);
  CHECK(only<retirement>(to_directory).empty());
  auto carol = make(0, "carol");
  enter(carol);
  CHECK(only<not_joined>(to_connections).size() == 1);
  auto back = make(0, "bob");
  enter(back);
  CHECK(only<not_joined>(to_connections).size() == 1);
  CHECK(state().members.size() == 1);
  vanish(back, departure::closed);
  advance(2s);
  CHECK(only<retirement>(to_directory).size() == 1);
  enter(carol);
  CHECK(only<not_joined>(to_connections).size() == 1);
}

TEST_CASE_METHOD(grace_fixture, "only so many are taken to be there") {
  // Of all rooms, and a half for each thread.
  env.limits.max_connections = 2;
  vanish(bob, departure::closed);
  CHECK(take(ann.id).empty());
  vanish(ann, departure::closed);
  CHECK(state().absent.size() == 1);
  CHECK(state().members.users() == std::vector{user_id{"bob"}});
  advance(2s);
  CHECK(*env.place_of(room_name{"r"}).absent == 0);
}

TEST_CASE_METHOD(grace_fixture, "each one who vanishes has the whole time") {
  auto carol = make(0, "carol");
  enter(carol);
  hush();
  vanish(bob, departure::closed);
  advance(1s);
  vanish(carol, departure::closed);
  advance(1s);
  CHECK(has(take(ann.id).at(0), R"("user_id":"bob")"));
  advance(999ms);
  CHECK(take(ann.id).empty());
  advance(1ms);
  CHECK(has(take(ann.id).at(0), R"("user_id":"carol")"));
  auto dave = make(0, "dave");
  enter(dave);
  hush();
  vanish(dave, departure::closed);
  advance(2s);
  CHECK(has(take(ann.id).at(0), R"("user_id":"dave")"));
}

TEST_CASE_METHOD(present_fixture, "who was shown a member hears that it goes") {
  show(ann, "1");
  show(bob, "2");
  tell(room, leave{request_id{}, ann.id, ann.handle});
  hush();
  advance(presence_pause);
  CHECK(take(bob.id) == texts{diff(of(bob, "2"), of(ann, "1"))});
}
