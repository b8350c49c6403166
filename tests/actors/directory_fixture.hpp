// SPDX-License-Identifier: MIT
#pragma once

#include "actors/directory.hpp"
#include "actors/room.hpp"
#include "tests/actors/heard.hpp"
#include "tests/support/actor_fixture.hpp"
#include "tests/support/catch.hpp"

#include <deque>
#include <stdexcept>

namespace parlor::test {

/// A directory with real rooms and stub connections.
struct directory_fixture : actor_fixture {
  struct client {
    connection_id id;
    connection_actor handle;
    std::vector<caf::message> heard;

    /// The room that took it in last; null where none has.
    room_actor room() const {
      auto all = only<joined>(heard);
      return all.empty() ? room_actor{} : all.back().handle;
    }
  };

  using names = std::vector<std::string>;

  directory_fixture() {
    // Rooms keep nothing, so they end when they are empty.
    env.limits.history_size = 0;
    directory = spawn<directory_state>(&env);
  }

  client& make() {
    auto& made = clients.emplace_back();
    made.id = id_of(0, uint32_t(clients.size()));
    made.handle = spawn_stub<connection_actor>(made.heard);
    return made;
  }

  void ask_in(const client& who, const std::string& room,
              const char* request = "") {
    caf::anon_send(directory,
                   join{room_name{room}, request_id{request}, who.id,
                        user_id{"u" + std::to_string(who.id.value())},
                        dialect::typed, who.handle});
  }

  client& enter(const std::string& room) {
    auto& made = make();
    ask_in(made, room);
    run();
    return made;
  }

  void part(const client& who) {
    caf::anon_send(who.room(), leave{{}, who.id, who.handle});
  }

  /// Lets a handler of a room throw.
  void crash(const char* room) {
    auto now = std::exchange(env.now, []() -> event::timestamp {
      throw std::runtime_error{"no time"};
    });
    CHECK_FALSE(post_to(room));
    env.now = now;
  }

  caf::expected<post_receipt> post_to(const char* room) {
    return ask<post_receipt>(directory,
                             post{room_name{room}, user_id{"server"}, "1", ""});
  }

  names occupied() {
    names result;
    auto found = *ask<room_list>(directory, atom::occupied_v);
    for (auto& one : found.rooms)
      result.push_back(one.room.str());
    return result;
  }

  uint64_t count() { return *ask<uint64_t>(directory, atom::stats_v); }

  room_list find(const char* room) {
    return *ask<room_list>(directory, room_lookup{room_name{room}});
  }

  epoch epoch_of(const room_actor& room) {
    return ask<room_report>(room, atom::describe_v)->epoch;
  }

  directory_state& state() { return state_of<directory_state>(directory); }

  directory_actor directory;
  std::deque<client> clients;
};

} // namespace parlor::test
