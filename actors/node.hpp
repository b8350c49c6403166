// SPDX-License-Identifier: MIT
#pragma once

#include "actors/environment.hpp"
#include "actors/pinned.hpp"
#include "messages/handles.hpp"
#include "messages/handshake.hpp"
#include "messages/report.hpp"
#include "messages/to_registry.hpp"

#include <caf/error.hpp>
#include <caf/system_messages.hpp>

#include <functional>
#include <vector>

namespace parlor {

/// The actors that a node cannot go on without.
struct core_actors {
  directory_actor directory;
  registry_actor registry;
  admin_actor admin;
  /// Null where there is no cluster.
  cluster_actor cluster = {};
};

/// How a node is started.
struct node_options {
  const environment* env = nullptr;
  core_actors core;
  /// Called once, on the node's thread, when the node has ended: after closing
  /// time with no error, or since a core actor has crashed.
  std::function<void(const caf::error&)> ended;
};

/// Watches the core actors. At closing time the registry sees everyone out, and
/// the node ends; the core stays for who comes late, until the process ends. A
/// core actor that crashes ends the node: the process is to end, for its
/// supervisor to start anew.
struct node_state {
  using actor_type = node_actor;
  static constexpr const char* name = "node";

  node_state(actor_type::pointer self, node_options options);

  actor_type::behavior_type make_behavior();

  void handle_closing_time(const closing_time& x);

  /// One of the core actors has ended.
  void handle_down(const caf::down_msg& x);

  report inspect(state_query x) const;

  actor_type::pointer self;
  node_options options;

private:
  void end(const caf::error& why);
};

/// Starts the core actors on the first I/O thread.
core_actors spawn_core(caf::actor_system& sys, const environment& env);

/// Starts the actor of one client on its socket's thread.
connection_actor spawn_connection(caf::actor_system& sys,
                                  const environment& env,
                                  const core_actors& core, handshake hello);

} // namespace parlor
