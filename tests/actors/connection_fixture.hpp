// SPDX-License-Identifier: MIT
#pragma once

#include "actors/connection.hpp"
#include "tests/actors/heard.hpp"
#include "tests/support/actor_fixture.hpp"

namespace parlor::test {

/// A connection of alice's, with a stub directory, registry and room.
struct connection_fixture : actor_fixture {
  connection_fixture() {
    directory = spawn_stub<directory_actor>(to_directory);
    registry = spawn_stub<registry_actor>(to_registry);
    room = spawn_stub<room_actor>(to_room);
    hello.id = id;
    hello.user = user_id{"alice"};
    hello.ip = "192.0.2.7";
    hello.client = "tester/1";
    hello.connected_at = event::timestamp{std::chrono::milliseconds{1500}};
  }

  /// Starts the connection, which the registry has not let in yet.
  void start(dialect speaks = dialect::typed,
             std::vector<const char*> rooms = {}) {
    hello.speaks = speaks;
    for (auto one : rooms)
      hello.rooms.emplace_back(one);
    client = spawn<connection_state>(
      connection_options{&env, directory, registry, hello});
    end = ending{*this, client};
    run();
  }

  /// Starts a connection and lets it in; what it is told is taken.
  void connect(dialect speaks = dialect::typed,
               std::vector<const char*> rooms = {}) {
    start(speaks, std::move(rooms));
    tell(client, admitted{});
    take(id);
  }

  void say(std::string text) { tell(client, client_frame{std::move(text)}); }

  /// The room answers a join.
  void let_in(const char* name = "r") {
    tell(client, joined{room_name{name}, room});
  }

  void keep_out(const char* name, const char* request,
                ec code = ec::room_full) {
    tell(client,
         not_joined{room_name{name}, code, "no place", request_id{request}});
  }

  /// Joins and is let in; what it is told is taken.
  void enter(const char* name = "r") {
    say(R"({"type":"join","room":")" + std::string{name} + R"("})");
    let_in(name);
    take(id);
  }

  /// The joins that reached the directory.
  std::vector<join> joins() { return only<join>(to_directory); }

  texts heard() { return take(id); }

  /// How many of its messages the connection itself has served.
  size_t served() { return sockets[0].service[id]; }

  /// How the connection has ended, as those who monitor it learn.
  std::optional<farewell> end_of() const {
    if (!end.reason())
      return std::nullopt;
    return to_farewell(*end.reason());
  }

  connection_id id = id_of(0, 1);
  handshake hello;
  std::vector<caf::message> to_directory;
  std::vector<caf::message> to_registry;
  std::vector<caf::message> to_room;
  directory_actor directory;
  registry_actor registry;
  room_actor room;
  connection_actor client;
  ending end;
};

} // namespace parlor::test
