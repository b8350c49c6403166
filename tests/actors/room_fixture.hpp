// SPDX-License-Identifier: MIT
#pragma once

#include "actors/room.hpp"
#include "tests/support/actor_fixture.hpp"

#include <string>
#include <vector>

namespace parlor::test {

/// A room with stub connections and a stub directory.
struct room_fixture : actor_fixture {
  struct client {
    connection_id id;
    user_id user;
    dialect speaks;
    connection_actor handle;
  };

  room_fixture() {
    directory = spawn_stub<directory_actor>(to_directory);
    open();
  }

  void open() {
    room = spawn<room_state>(
      room_options{&env, directory, room_name{"r"}, {1, 1}, false});
  }

  client make(uint8_t thread, const char* user,
              dialect speaks = dialect::typed) {
    auto handle = spawn_stub<connection_actor>(to_connections);
    return {id_of(thread, ++clients), user_id{user}, speaks, handle};
  }

  void enter(const client& who, const char* request = "", bool silent = false,
             const join_wishes& wants = {}) {
    tell(room, join{room_name{"r"}, request_id{request}, who.id, who.user,
                    who.speaks, who.handle, silent, wants});
  }

  /// Joins as one who was in a room of this name that has failed.
  void enter_again(const client& who) {
    tell(room, join{room_name{"r"},
                    {},
                    who.id,
                    who.user,
                    who.speaks,
                    who.handle,
                    false,
                    {},
                    true});
  }

  /// Joins again where it was up to this number.
  void recover(const client& who, uint64_t seq, epoch in = {1, 1}) {
    enter(who, "0", false, {{in, seq}, 0, false});
  }

  void rewind(const client& who, uint64_t count) {
    enter(who, "0", false, {{}, count, false});
  }

  void part(const client& who, const char* request = "") {
    tell(room, leave{request_id{request}, who.id, who.handle});
  }

  void say(const client& who, const char* content, const char* request = "",
           bool exclude_self = false, const char* key = "") {
    tell(room,
         publish{request_id{request}, who.id, content, exclude_self, key});
  }

  /// A message of the HTTP API.
  post_receipt announce(const char* content, const char* key = "") {
    auto result = ask<post_receipt>(
      room, post{room_name{"r"}, user_id{"server"}, content, "", key});
    return result ? *result : post_receipt{};
  }

  void vanish(const client& who, departure why) {
    end(who.handle, make_exit({close_code::abnormal, "", why}));
  }

  room_state& state() { return state_of<room_state>(room); }

  std::vector<caf::message> to_directory;
  std::vector<caf::message> to_connections;
  directory_actor directory;
  room_actor room;
  uint32_t clients = 0;
};

using texts = std::vector<std::string>;

} // namespace parlor::test
