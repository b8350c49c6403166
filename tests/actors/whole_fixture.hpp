// SPDX-License-Identifier: MIT
#pragma once

#include "actors/admin.hpp"
#include "actors/connection.hpp"
#include "actors/directory.hpp"
#include "actors/lane.hpp"
#include "actors/node.hpp"
#include "actors/registry.hpp"
#include "actors/room.hpp"
#include "tests/actors/heard.hpp"
#include "tests/support/actor_fixture.hpp"

#include <deque>

namespace parlor::test {

/// A node with all its actors but the one of that name; only the sockets are
/// stubs.
struct whole_fixture : actor_fixture {
  struct client {
    connection_id id;
    connection_actor handle;
    /// How many frames it has sent.
    size_t said = 0;
  };

  whole_fixture() {
    env.limits.messages_per_second = 0;
    core = spawn_core(system, env);
    adopt(core.directory);
    adopt(core.registry);
    adopt(core.admin);
    run();
  }

  /// A client whose actor has yet to take its first turn.
  client& connect_soon(const char* user, std::vector<const char*> rooms = {},
                       dialect speaks = dialect::typed) {
    auto& made = clients.emplace_back();
    auto number = uint32_t(clients.size());
    made.id = id_of(uint8_t(number % thread_count), number);
    handshake hello;
    hello.id = made.id;
    hello.user = user_id{user};
    hello.speaks = speaks;
    for (auto one : rooms)
      hello.rooms.emplace_back(one);
    made.handle = spawn_connection(system, env, core, hello);
    adopt(made.handle);
    return made;
  }

  /// A client that has been let in.
  client& connect(const char* user, std::vector<const char*> rooms = {},
                  dialect speaks = dialect::typed) {
    auto& made = connect_soon(user, std::move(rooms), speaks);
    run();
    return made;
  }

  /// A frame arrives; nothing is delivered yet.
  void say_soon(client& who, std::string text) {
    ++who.said;
    caf::anon_send(who.handle, client_frame{std::move(text)});
  }

  void say(client& who, std::string text) {
    say_soon(who, std::move(text));
    run();
  }

  static std::string join_of(const char* room, const char* request = "0") {
    return std::string{R"({"type":"join","room":")"} + room + R"(","id":)"
           + request + "}";
  }

  static std::string leave_of(const char* room) {
    return std::string{R"({"type":"leave","room":")"} + room + R"("})";
  }

  static std::string chat_of(const char* room, const char* content) {
    return std::string{R"({"type":"chat","room":")"} + room + R"(","content":)"
           + content + "}";
  }

  void hang_up_soon(const client& who) {
    caf::anon_send(who.handle,
                   socket_closed{close_code::abnormal, "", departure::closed});
  }

  void hang_up(const client& who) {
    hang_up_soon(who);
    run();
  }

  directory_state& directory() {
    return state_of<directory_state>(core.directory);
  }

  registry_state& registry() { return state_of<registry_state>(core.registry); }

  /// The room of this name; null where there is none.
  room_actor room_named(const char* name) {
    auto found = directory().rooms.find(room_name{name});
    return found != directory().rooms.end() ? found->second.handle
                                            : room_actor{};
  }

  size_t served(const client& who) {
    return sockets[who.id.thread()].service[who.id];
  }

  core_actors core;
  std::deque<client> clients;
};

} // namespace parlor::test
