// SPDX-License-Identifier: MIT
#include "actors/connection.hpp"

#include "tests/actors/connection_fixture.hpp"
#include "tests/support/catch.hpp"

using namespace parlor;
using namespace parlor::test;

TEST_CASE_METHOD(connection_fixture, "a connection asks to be let in") {
  start(dialect::action);
  auto asked = only<entrance>(to_registry);
  REQUIRE(asked.size() == 1);
  CHECK(asked[0].connection == id);
  CHECK(asked[0].user.str() == "alice");
  CHECK(asked[0].speaks == dialect::action);
  CHECK(asked[0].handle == client);
  CHECK(sockets[0].admitted.empty());
  CHECK(heard().empty());
  CHECK(joins().empty());
}

TEST_CASE_METHOD(connection_fixture, "who is let in is told so, and read") {
  start();
  tell(client, admitted{R"(["a","b"])"});
  CHECK(heard()
        == texts{R"({"type":"connected","user_id":"alice",)"
                 R"("rooms":["a","b"],"connection":"0000000100000001",)"
                 R"("node":"local","ping_ms":15000,)"
                 R"("limits":{"message_bytes":65536,)"
                 R"("rooms_per_connection":128,"messages_per_second":50,)"
                 R"("message_burst":100,"json_depth":32}})"});
  CHECK(sockets[0].admitted.contains(id));
  CHECK(served() == 0);
}

TEST_CASE_METHOD(connection_fixture, "a text client is let in without a word") {
  start(dialect::text);
  tell(client, admitted{R"(["a"])"});
  CHECK(heard().empty());
  CHECK(sockets[0].admitted.contains(id));
}

TEST_CASE_METHOD(connection_fixture, "rooms of the URL are joined at once") {
  connect(dialect::action, {"a", "b"});
  auto asked = joins();
  REQUIRE(asked.size() == 2);
  CHECK(asked[0].room.str() == "a");
  CHECK(asked[1].room.str() == "b");
  CHECK(asked[0].id.empty());
  CHECK(asked[0].connection == id);
  CHECK(asked[0].user.str() == "alice");
  CHECK(asked[0].speaks == dialect::action);
  CHECK(asked[0].handle == client);
  CHECK_FALSE(asked[0].silent);
  let_in("a");
  let_in("b");
  CHECK(served() == 0);
}

TEST_CASE_METHOD(connection_fixture, "a text client begins in the lobby") {
  connect(dialect::text, {"a"});
  auto asked = joins();
  REQUIRE(asked.size() == 2);
  auto& lobby = asked[0].room.str() == "lobby" ? asked[0] : asked[1];
  CHECK(lobby.room.str() == "lobby");
  CHECK(lobby.silent);
  CHECK(heard().empty());
}

TEST_CASE_METHOD(connection_fixture, "a text client is in the lobby once") {
  connect(dialect::text, {"lobby"});
  REQUIRE(joins().size() == 1);
  CHECK(joins()[0].silent);
}

TEST_CASE_METHOD(connection_fixture, "a line of text goes to the lobby") {
  connect(dialect::text);
  say("hello \"you\"");
  CHECK(to_room.empty());
  let_in("lobby");
  auto said = only<publish>(to_room);
  REQUIRE(said.size() == 1);
  CHECK(said[0].content == R"("hello \"you\"")");
  CHECK(said[0].connection == id);
}

TEST_CASE_METHOD(connection_fixture, "a ping is answered, with its id") {
  connect();
  say(R"({"type":"ping"})");
  say(R"({"action":"ping","id":"x"})");
  CHECK(heard() == texts{R"({"type":"pong"})", R"({"type":"pong","id":"x"})"});
  CHECK(served() == 2);
}

TEST_CASE_METHOD(connection_fixture, "a private message takes the registry") {
  connect();
  say(R"({"type":"private","to":"bob","content":{"a":1},"id":4,)"
      R"("sender":"mallory"})");
  auto sent = only<private_message>(to_registry);
  REQUIRE(sent.size() == 1);
  CHECK(sent[0].id.str() == "4");
  CHECK(sent[0].to.str() == "bob");
  CHECK(sent[0].sender.str() == "alice");
  CHECK(sent[0].content == R"({"a":1})");
  CHECK(sent[0].from == id);
  CHECK(sent[0].speaks == dialect::typed);
  CHECK(heard().empty());
  // The registry serves it, by way of its lane.
  CHECK(served() == 0);
}

TEST_CASE_METHOD(connection_fixture, "who is dismissed hears why and ends") {
  connect();
  tell(client, dismissed{close_code::kicked, "be gone", departure::kicked});
  CHECK(heard()
        == texts{R"({"type":"closing","code":4004,"reason":"be gone",)"
                 R"("reconnect":false})"});
  CHECK(sockets[0].closed.at(id)
        == std::pair{close_code::kicked, std::string{"be gone"}});
  REQUIRE(end_of());
  CHECK(end_of()->code == close_code::kicked);
  CHECK(end_of()->reason == "be gone");
  CHECK(end_of()->why == departure::kicked);
}

TEST_CASE_METHOD(connection_fixture, "who is sent home hears when to return") {
  connect();
  tell(client, dismissed{close_code::service_restart, "restart",
                         departure::closed, 750});
  CHECK(heard()
        == texts{R"({"type":"closing","code":1012,"reason":"restart",)"
                 R"("reconnect":true,"retry_after_ms":750})"});
  REQUIRE(end_of());
  CHECK(end_of()->code == close_code::service_restart);
}

TEST_CASE_METHOD(connection_fixture, "who is turned away is never read") {
  start();
  tell(client, dismissed{close_code::at_capacity, "Server at capacity"});
  CHECK(heard()
        == texts{R"({"type":"closing","code":4003,)"
                 R"("reason":"Server at capacity","reconnect":true,)"
                 R"("retry_after_ms":)"
                 + std::to_string(return_of(id).count()) + "}"});
  CHECK(sockets[0].closed.at(id).first == close_code::at_capacity);
  CHECK(sockets[0].admitted.empty());
  CHECK(ended(client));
}

TEST_CASE_METHOD(connection_fixture, "a text client is closed without a word") {
  connect(dialect::text);
  tell(client, dismissed{close_code::kicked, "bye", departure::kicked});
  CHECK(heard().empty());
  CHECK(sockets[0].closed.at(id).first == close_code::kicked);
  CHECK(ended(client));
}

TEST_CASE_METHOD(connection_fixture, "a closed socket ends its connection") {
  connect();
  tell(client,
       socket_closed{close_code::abnormal, "silent", departure::timeout});
  CHECK(heard().empty());
  REQUIRE(end_of());
  CHECK(end_of()->code == close_code::abnormal);
  CHECK(end_of()->reason == "silent");
  CHECK(end_of()->why == departure::timeout);
}

TEST_CASE_METHOD(connection_fixture, "a socket may close before all else") {
  start();
  tell(client, socket_closed{close_code::going_away, "", departure::closed});
  REQUIRE(end_of());
  CHECK(end_of()->code == close_code::going_away);
  CHECK(sockets[0].admitted.empty());
}

TEST_CASE_METHOD(connection_fixture, "a handler that fails closes with 1011") {
  connect();
  sockets[0].broken = true;
  say(R"({"type":"ping"})");
  auto said = heard();
  REQUIRE(said.size() == 2);
  CHECK(is_error(said[0], "internal"));
  CHECK(has(said[1], R"({"type":"closing","code":1011,)"));
  CHECK(sockets[0].closed.at(id).first == close_code::internal_error);
  REQUIRE(end_of());
  CHECK(end_of()->code == close_code::internal_error);
}

TEST_CASE_METHOD(connection_fixture, "a connection describes itself") {
  connect();
  enter("r");
  auto shown = ask<connection_report>(client, atom::describe_v);
  REQUIRE(shown);
  CHECK(shown->id == id);
  CHECK(shown->user.str() == "alice");
  CHECK(shown->rooms == std::vector{room_name{"r"}});
  CHECK(shown->connected_at == 1.5);
  CHECK(shown->ip == "192.0.2.7");
  CHECK(shown->client == "tester/1");
  CHECK(shown->round_trip_us < 0);
  CHECK(shown->outbox_bytes == 0);
  auto inside = ask<report>(client, state_query{});
  REQUIRE(inside);
  CHECK(inside->kind == "connection");
  CHECK(inside->actor == client.id());
}
