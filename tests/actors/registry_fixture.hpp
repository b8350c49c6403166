// SPDX-License-Identifier: MIT
#pragma once

#include "actors/registry.hpp"
#include "tests/actors/heard.hpp"
#include "tests/support/actor_fixture.hpp"

#include <caf/event_based_actor.hpp>
#include <caf/exit_reason.hpp>

#include <algorithm>
#include <deque>

namespace parlor::test {

/// A registry with a stub directory, stub lanes and stub connections; at most
/// 4 connections, 2 a user.
struct registry_fixture : actor_fixture {
  struct client {
    connection_id id;
    user_id user;
    dialect speaks;
    connection_actor handle;
    std::vector<caf::message> heard;

    std::vector<dismissed> dismissals() const { return only<dismissed>(heard); }
  };

  using handles = std::vector<connection_actor>;
  using names = std::vector<std::string>;

  registry_fixture() {
    env.limits.max_connections = 4;
    env.limits.max_connections_per_user = 2;
    directory = spawn_stub<directory_actor>(to_directory);
    for (auto& into : to_lanes)
      lanes.push_back(spawn_stub<lane_actor>(into));
    registry = spawn<registry_state>(registry_options{&env, directory, lanes});
  }

  /// It is closing time; `closed` says how often all are said to be gone.
  void close(close_code code = close_code::service_restart) {
    adopt(spawn_function([this, code](caf::event_based_actor* self, int) {
      self->request(registry, caf::infinite, closing_time{code})
        .then([this](bool) { ++closed; });
    }));
    run();
  }

  /// A connection that has not asked to be let in yet.
  client& make(const char* user, dialect speaks) {
    auto number = uint32_t(clients.size()) + 1;
    auto& made = clients.emplace_back(
      client{id_of(0, number), user_id{user}, speaks, {}, {}});
    made.handle = spawn_stub<connection_actor>(made.heard);
    return made;
  }

  void ask_in(const client& x) {
    tell(registry, entrance{x.id, x.user, x.speaks, x.handle});
  }

  client& enter(const char* user, dialect speaks = dialect::typed) {
    auto& made = make(user, speaks);
    ask_in(made);
    return made;
  }

  void vanish(const client& x, departure why = departure::closed) {
    end(x.handle, make_exit({close_code::abnormal, "", why}));
  }

  registry_stats stats() {
    return *ask<registry_stats>(registry, atom::stats_v);
  }

  handles connections_of(const char* user) {
    return ask<connection_list>(registry, user_query{user_id{user}})
      ->connections;
  }

  handles page(connection_id after, uint64_t limit) {
    return ask<connection_list>(registry, connections_query{after, limit})
      ->connections;
  }

  names users(const char* after = "", uint64_t limit = 1000) {
    names result;
    auto found = *ask<user_list>(registry, users_query{user_id{after}, limit});
    for (auto& one : found.users)
      result.push_back(one.user.str());
    return result;
  }

  /// Sends "hi" to a user from the HTTP API.
  uint64_t send_to(const char* user) {
    return *ask<uint64_t>(registry, user_message{user_id{user}, R"("hi")"});
  }

  /// What was sent to one by mail: the texts, but for empty ones.
  names mailed_to(const client& x) const {
    names result;
    for (auto& letter : letters())
      if (letter.to == x.id && !letter.what.empty())
        result.emplace_back(letter.what.text());
    return result;
  }

  /// How often one's message was served.
  auto served(const client& x) const {
    return std::ranges::count_if(letters(), [&](auto& letter) {
      return letter.to == x.id && letter.served;
    });
  }

  std::vector<remark> letters() const {
    std::vector<remark> result;
    for (auto& into : to_lanes)
      for (auto& one : only<mail>(into))
        result.insert(result.end(), one.letters.begin(), one.letters.end());
    return result;
  }

  /// One client writes to a user.
  void write(const client& from, const char* to, const char* content,
             const char* id = "") {
    tell(registry, private_message{request_id{id}, user_id{to}, from.user,
                                   content, from.id, from.speaks});
  }

  registry_state& state() { return state_of<registry_state>(registry); }

  std::vector<caf::message> to_directory;
  std::vector<caf::message> to_lanes[thread_count];
  directory_actor directory;
  std::vector<lane_actor> lanes;
  registry_actor registry;
  size_t closed = 0;
  std::deque<client> clients;
};

} // namespace parlor::test
