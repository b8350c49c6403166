// SPDX-License-Identifier: MIT
#include "actors/admin.hpp"

#include "tests/actors/admin_fixture.hpp"

using namespace parlor;
using namespace parlor::test;

TEST_CASE_METHOD(admin_fixture, "an empty node has empty lists") {
  CHECK(http(api_call::connections).body
        == R"({"rooms":[],"total":0,"users_per_room":{},)"
           R"("connections_per_room":{},"unique_users":0,)"
           R"("nodes":[{"id":"local","status":"up","connections":0}]})");
  CHECK(http(api_call::rooms).body == R"({"rooms":[]})");
  CHECK(http(api_call::users).body == R"({"users":[]})");
  CHECK(has(http(api_call::connections_detail).body, R"("connections":[])"));
}

TEST_CASE_METHOD(admin_fixture, "the overview shows rooms, users, numbers") {
  connect("ann", {"r", "s"});
  connect("ann", {"r"});
  connect("bob", {"r"});
  connect("carol");
  auto shown = http(api_call::connections);
  CHECK(shown.status == 200);
  CHECK(shown.body
        == R"({"rooms":["r","s"],"total":4,)"
           R"("users_per_room":{"r":["ann","bob"],"s":["ann"]},)"
           R"("connections_per_room":{"r":3,"s":1},"unique_users":3,)"
           R"("nodes":[{"id":"local","status":"up","connections":4}]})");
}

TEST_CASE_METHOD(admin_fixture, "the detail shows each connection") {
  auto& ann = connect("ann", {"r"});
  auto shown = http(api_call::connections_detail);
  CHECK(shown.status == 200);
  CHECK(has(shown.body, R"("total":1)"));
  CHECK(has(shown.body, R"("connections":[{"id":")" + to_string(ann.id)
                          + R"(","user_id":"ann","rooms":["r"],)"));
  CHECK(has(shown.body, R"("rtt_ms":null,"outbox_bytes":0,"node":"local"}])"));
}

TEST_CASE_METHOD(admin_fixture, "the detail comes in pages, by id") {
  for (auto user : {"a", "b", "c", "d", "e"})
    connect(user);
  limit = 2;
  std::string seen;
  for (auto page = 0; page < 3; ++page) {
    auto shown = http(api_call::connections_detail).body;
    for (auto at = shown.find(R"("user_id":")"); at != std::string::npos;
         at = shown.find(R"("user_id":")", at + 1)) {
      seen += shown[at + 11];
      after = shown.substr(at - 18, 16);
    }
  }
  // Ids begin with their thread.
  CHECK(seen == "bdace");
  CHECK(has(http(api_call::connections_detail).body, R"("connections":[])"));
}

TEST_CASE_METHOD(admin_fixture, "rooms and users come in pages, by name") {
  for (auto name : {"c", "a", "b"})
    connect(name, {name});
  limit = 2;
  CHECK(http(api_call::rooms).body
        == R"({"rooms":[{"room":"a","users":1,"connections":1},)"
           R"({"room":"b","users":1,"connections":1}]})");
  CHECK(http(api_call::users).body
        == R"({"users":[{"user_id":"a","connections":1},)"
           R"({"user_id":"b","connections":1}]})");
  after = "b";
  CHECK(http(api_call::rooms).body
        == R"({"rooms":[{"room":"c","users":1,"connections":1}]})");
  CHECK(http(api_call::users).body
        == R"({"users":[{"user_id":"c","connections":1}]})");
}

TEST_CASE_METHOD(admin_fixture, "statistics are numbers") {
  connect("ann", {"r"});
  connect("ann", {"r"});
  CHECK(http(api_call::stats).body
        == R"({"total_connections":2,"unique_users":1,)"
           R"("max_connections":1000,"rooms":1})");
}

TEST_CASE_METHOD(admin_fixture, "one room is shown, or 404") {
  connect("ann", {"r"});
  auto shown = http(api_call::room, "r");
  CHECK(shown.status == 200);
  CHECK(has(shown.body, R"({"room":"r","users":["ann"],"connections":1,)"));
  CHECK(is_problem(http(api_call::room, "s"), 404));
}

TEST_CASE_METHOD(admin_fixture, "one user is shown, or 404") {
  connect("ann", {"r"});
  connect("ann");
  auto shown = http(api_call::user, "ann");
  CHECK(shown.status == 200);
  CHECK(has(shown.body, R"({"user_id":"ann","connections":[{"id":)"));
  CHECK(has(shown.body, R"("rooms":["r"])"));
  CHECK(has(shown.body, R"("rooms":[])"));
  CHECK(is_problem(http(api_call::user, "bob"), 404));
}

TEST_CASE_METHOD(admin_fixture, "a kick closes and is 204, or 404") {
  auto& one = connect("ann");
  auto& two = connect("ann");
  auto& bob = connect("bob");
  auto done = http(api_call::kick_connection, to_string(one.id));
  CHECK(done.status == 204);
  CHECK(done.body.empty());
  CHECK(ended(one.handle));
  CHECK_FALSE(ended(two.handle));
  CHECK(sockets[one.id.thread()].closed.at(one.id).first == close_code::kicked);
  CHECK(is_problem(http(api_call::kick_connection, to_string(one.id)), 404));
  CHECK(is_problem(http(api_call::kick_connection, "nonsense"), 404));
  CHECK(http(api_call::kick_user, "ann").status == 204);
  CHECK(ended(two.handle));
  CHECK_FALSE(ended(bob.handle));
  CHECK(is_problem(http(api_call::kick_user, "ann"), 404));
}

TEST_CASE_METHOD(admin_fixture, "a disconnect closes all of a user's") {
  auto& one = connect("ann");
  auto& two = connect("ann");
  auto done = http(api_call::disconnect, "", R"({"user":"ann"})");
  CHECK(done.status == 200);
  CHECK(has(done.body, "2"));
  CHECK(ended(one.handle));
  CHECK(ended(two.handle));
  CHECK(is_problem(http(api_call::disconnect, "", R"({"user":"x"})"), 404));
}

TEST_CASE_METHOD(admin_fixture, "a publish is numbered, from the server") {
  auto& ann = connect("ann", {"r"});
  take(ann.id);
  auto done = http(api_call::publish, "", R"({"room":"r","content":[1]})");
  CHECK(done.status == 200);
  CHECK(has(done.body, R"({"seq":2,"epoch":")"));
  auto heard = take(ann.id);
  REQUIRE(heard.size() == 1);
  CHECK(has(heard[0], R"("content":[1],"sender":"server")"));
  http(api_call::publish, "",
       R"({"room":"r","content":1,"sender":"bot","exclude":"ann"})");
  CHECK(take(ann.id) == texts{R"({"type":"skip","room":"r","seq":3})"});
  CHECK(http(api_call::publish, "", R"({"room":"new","content":1})").status
        == 200);
}

TEST_CASE_METHOD(admin_fixture, "a send says how many it reached") {
  auto& ann = connect("ann");
  take(ann.id);
  auto done = http(api_call::send, "", R"({"user":"ann","content":1})");
  CHECK(done.status == 200);
  CHECK(done.body == R"({"delivered":1})");
  CHECK(has(take(ann.id).at(0), R"("type":"private")"));
  CHECK(http(api_call::send, "", R"({"user":"x","content":1})").body
        == R"({"delivered":0})");
}

TEST_CASE_METHOD(admin_fixture, "a broadcast goes to every thread") {
  CHECK(http(api_call::broadcast, "", R"({"content":"news"})").status == 200);
  for (auto& one : sockets)
    CHECK(one.announcements.size() == 1);
}

TEST_CASE_METHOD(admin_fixture, "bad bodies are 400 and do nothing") {
  auto& ann = connect("ann", {"r"});
  take(ann.id);
  for (auto call : {api_call::publish, api_call::send, api_call::broadcast,
                    api_call::disconnect})
    for (auto body : {"", "{", "[]", "{}", R"({"room":1,"user":1})",
                      R"({"room":"","user":"","exclude":1,"content":1})",
                      "{\"content\":\"\xff\"}"}) {
      CAPTURE(int(call), body);
      CHECK(is_problem(http(call, "", body), 400));
    }
  CHECK(take(ann.id).empty());
  CHECK_FALSE(ended(ann.handle));
  CHECK(sockets[0].announcements.empty());
}

TEST_CASE_METHOD(admin_fixture, "an admin describes itself") {
  auto shown = ask<report>(core.admin, state_query{});
  REQUIRE(shown);
  CHECK(shown->kind == "admin");
}
