// SPDX-License-Identifier: MIT
#include "tests/actors/connection_fixture.hpp"
#include "tests/support/catch.hpp"

using namespace parlor;
using namespace parlor::test;

namespace {

/// A client that does not wait for answers.
struct one_shot_fixture : connection_fixture {
  void say_thrice(const char* type = "chat") {
    for (auto content : {"1", "2", "3"})
      say(R"({"type":")" + std::string{type} + R"(","room":"r","content":)"
          + content + "}");
  }

  void hang_up() {
    tell(client, socket_closed{close_code::normal, "bye", departure::closed});
  }

  texts said() {
    texts result;
    for (auto& one : only<publish>(to_room))
      result.push_back(one.content);
    return result;
  }

  void dismiss(close_code code, departure why = departure::closed) {
    tell(client, dismissed{code, "Go", why, 0});
  }
};

const texts all_three{"1", "2", "3"};

} // namespace

TEST_CASE_METHOD(one_shot_fixture, "what came before the end is served") {
  connect();
  say(R"({"type":"join","room":"r"})");
  say_thrice();
  hang_up();
  CHECK_FALSE(end_of());
  let_in();
  CHECK(said() == all_three);
  REQUIRE(end_of());
  CHECK(end_of()->code == close_code::normal);
  CHECK(end_of()->reason == "bye");
}

TEST_CASE_METHOD(one_shot_fixture, "the same of who was in and joins again") {
  connect();
  enter();
  say(R"({"type":"join","room":"r"})");
  say_thrice();
  hang_up();
  let_in();
  CHECK(said() == all_three);
  CHECK(end_of());
}

TEST_CASE_METHOD(one_shot_fixture, "the same of who left and joins again") {
  connect();
  enter();
  say(R"({"type":"leave","room":"r"})");
  say(R"({"type":"join","room":"r"})");
  say_thrice();
  hang_up();
  let_in();
  CHECK(said() == all_three);
  CHECK(end_of());
}

TEST_CASE_METHOD(one_shot_fixture, "a join may be held behind another") {
  connect();
  say(R"({"type":"join","room":"r"})");
  say(R"({"type":"leave","room":"r"})");
  say(R"({"type":"join","room":"r"})");
  say_thrice();
  hang_up();
  let_in();
  CHECK(only<leave>(to_room).size() == 1);
  CHECK(said().empty());
  CHECK_FALSE(end_of());
  let_in();
  CHECK(said() == all_three);
  CHECK(end_of());
}

TEST_CASE_METHOD(one_shot_fixture, "rooms of the URL are waited for, too") {
  connect(dialect::action, {"r"});
  say_thrice("message");
  tell(client, socket_closed{close_code::abnormal, "", departure::closed});
  let_in();
  CHECK(said() == all_three);
  CHECK(end_of()->code == close_code::abnormal);
}

TEST_CASE_METHOD(one_shot_fixture, "all rooms are waited for") {
  connect(dialect::typed, {"r", "s"});
  say(R"({"type":"chat","room":"s","content":0})");
  say_thrice();
  hang_up();
  let_in("r");
  CHECK_FALSE(end_of());
  let_in("s");
  CHECK(said() == texts{"1", "2", "3", "0"});
  CHECK(end_of());
}

TEST_CASE_METHOD(one_shot_fixture, "who is kept out has nothing to wait for") {
  connect();
  say(R"({"type":"join","room":"r"})");
  say_thrice();
  hang_up();
  keep_out("r", "");
  CHECK(said().empty());
  CHECK(end_of());
}

TEST_CASE_METHOD(one_shot_fixture, "a join alone is not waited for") {
  connect();
  say(R"({"type":"join","room":"r"})");
  hang_up();
  CHECK(end_of());
}

TEST_CASE_METHOD(one_shot_fixture, "a kick lets be said what came before it") {
  connect();
  say(R"({"type":"join","room":"r"})");
  say_thrice();
  dismiss(close_code::kicked, departure::kicked);
  CHECK(sockets[0].closed.at(id).first == close_code::kicked);
  CHECK_FALSE(end_of());
  say(R"({"type":"chat","room":"r","content":"too late"})");
  // Nothing else happens to one that has gone.
  dismiss(close_code::replaced);
  hang_up();
  let_in();
  CHECK(said() == all_three);
  CHECK(end_of()->code == close_code::kicked);
  CHECK(end_of()->why == departure::kicked);
}

TEST_CASE_METHOD(one_shot_fixture, "one that has gone stays so if replaced") {
  connect();
  say(R"({"type":"join","room":"r"})");
  say_thrice();
  hang_up();
  dismiss(close_code::replaced);
  CHECK(sockets[0].closed.empty());
  let_in();
  CHECK(said() == all_three);
  CHECK(end_of()->code == close_code::normal);
}

TEST_CASE_METHOD(one_shot_fixture, "a silent room is not waited for for ever") {
  connect();
  say(R"({"type":"join","room":"r"})");
  say_thrice();
  hang_up();
  advance(parting_patience - std::chrono::seconds{1});
  CHECK_FALSE(end_of());
  advance(std::chrono::seconds{1});
  REQUIRE(end_of());
  CHECK(end_of()->code == close_code::normal);
}

TEST_CASE_METHOD(one_shot_fixture, "a room that fails is waited for") {
  connect();
  enter();
  say(R"({"type":"join","room":"r"})");
  say_thrice();
  hang_up();
  tell(client, room_failed{room_name{"r"}, room});
  CHECK_FALSE(end_of());
  CHECK(joins().size() == 2);
  let_in();
  CHECK(said() == all_three);
  CHECK(end_of());
}

TEST_CASE_METHOD(one_shot_fixture,
                 "no failed room is entered anew for the end") {
  connect(dialect::typed, {"s"});
  enter();
  say(R"({"type":"chat","room":"s","content":0})");
  hang_up();
  tell(client, room_failed{room_name{"r"}, room});
  CHECK(joins().size() == 2);
  let_in("s");
  CHECK(said() == texts{"0"});
  CHECK(end_of());
}
