// SPDX-License-Identifier: MIT
#pragma once

#include "actors/environment.hpp"
#include "actors/pinned.hpp"
#include "messages/from_peers.hpp"
#include "messages/handles.hpp"
#include "messages/report.hpp"

#include <cstdint>
#include <set>

namespace parlor {

/// How the cluster's actor is started.
struct cluster_options {
  const environment* env = nullptr;
  directory_actor directory;
  registry_actor registry;
  admin_actor admin;
};

/// Knows which nodes are in and which of them are linked to this one. Tells
/// directory, registry and admin, and hands on what other nodes say. Ends with
/// the node, which cannot go on without it.
struct cluster_state {
  using actor_type = cluster_actor;
  static constexpr const char* name = "cluster";

  cluster_state(actor_type::pointer self, cluster_options options);

  actor_type::behavior_type make_behavior();

  void handle_view(const view_change& x);
  void handle_up(const peer_up& x);
  void handle_down(const peer_down& x);
  void handle_frame(const peer_frame& x);

  report inspect() const;

  actor_type::pointer self;
  cluster_options options;
  seating_ptr seats;
  /// Those that are linked.
  std::set<node_id> linked;
  /// Envelopes that were handed on, and that nobody understood.
  uint64_t heard = 0;
  uint64_t strange = 0;

private:
  void open(incarnation from, const envelope& x);
};

} // namespace parlor
