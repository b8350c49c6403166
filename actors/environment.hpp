// SPDX-License-Identifier: MIT
#pragma once

#include "actors/memory_pool.hpp"
#include "actors/presence_memory.hpp"
#include "messages/events.hpp"
#include "messages/ids.hpp"
#include "messages/limits.hpp"
#include "messages/link_health.hpp"
#include "messages/peers.hpp"
#include "messages/ports.hpp"
#include "messages/process_vitals.hpp"
#include "messages/token.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace parlor {

class event_loop;

/// One I/O thread as actors see it.
struct io_place {
  /// Null where tests run the actors on CAF's scheduler.
  event_loop* loop = nullptr;
  outboxes* sockets = nullptr;
  /// What the rooms of this thread keep.
  std::shared_ptr<memory_pool> kept = std::make_shared<memory_pool>();
  /// How many users are taken to be in the rooms of this thread.
  std::shared_ptr<size_t> absent = std::make_shared<size_t>(0);
  /// How many rooms of `?room=` the connections of this thread have asked for, and
  /// have not been let into yet.
  std::shared_ptr<size_t> entering = std::make_shared<size_t>(0);
};

/// What every actor of a node is given: constant while the node runs, but for
/// what its places and `presences` count, and outlives it.
struct environment {
  parlor::limits limits;
  /// This node's name.
  std::string node = "local";
  /// Of the program.
  std::string version = "0";
  /// Whom the HTTP API speaks as where it names nobody: no client is called so.
  user_id api_sender{"server"};
  /// Where connections live, by connection_id::thread.
  std::vector<io_place> threads;
  /// The first half of every room's epoch: when this process started, in
  /// milliseconds since 1970.
  uint64_t revision = 0;
  /// Judges what clients show to say who they are; null where everyone is who
  /// they say.
  std::shared_ptr<const token_verifier> tokens;
  /// What the members of all rooms say of themselves.
  std::shared_ptr<presence_memory> presences
    = std::make_shared<presence_memory>();
  /// The other nodes; null where there is no cluster.
  std::shared_ptr<parlor::peers> peers;
  /// What there is to say of links to them; null where nobody is to know.
  std::shared_ptr<const link_health> links;
  /// When certificates in use end, in seconds since 1970, by the options that may
  /// name them; 0 where none does. Null where nobody is to know.
  std::function<std::map<std::string, uint64_t>()> certificates;
  /// Looks at the process, and may wait for the kernel: for `meter` alone. Null
  /// where nobody looks.
  std::function<process_vitals()> look_at_process;
  /// The wall clock, for time stamps alone.
  std::function<event::timestamp()> now = std::chrono::system_clock::now;

  /// What all rooms of the node keep, in bytes.
  size_t kept() const {
    size_t result = 0;
    for (auto& place : threads)
      result += place.kept->used();
    return result;
  }

  const io_place& place_of(connection_id id) const {
    return threads[id.thread() % threads.size()];
  }

  /// The thread that the room of this name lives on.
  const io_place& place_of(const room_name& room) const {
    return threads[std::hash<room_name>{}(room) % threads.size()];
  }
};

} // namespace parlor
