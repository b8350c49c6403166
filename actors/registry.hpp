// SPDX-License-Identifier: MIT
#pragma once

#include "actors/environment.hpp"
#include "actors/pinned.hpp"
#include "actors/population.hpp"
#include "actors/shared_users.hpp"
#include "messages/error.hpp"
#include "messages/events.hpp"
#include "messages/from_peers.hpp"
#include "messages/handles.hpp"
#include "messages/report.hpp"
#include "messages/to_connection.hpp"
#include "messages/to_lane.hpp"
#include "messages/to_registry.hpp"

#include <caf/actor_addr.hpp>
#include <caf/result.hpp>
#include <caf/system_messages.hpp>
#include <caf/typed_response_promise.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace parlor {

/// How the registry is started.
struct registry_options {
  const environment* env = nullptr;
  directory_actor directory;
  /// One without a room for each I/O thread, for what concerns everyone.
  std::vector<lane_actor> lanes;
};

/// Owns the list of this node's connections and users, and the limits on both:
/// in a cluster with the other nodes' registries, by `shared_users`. It
/// monitors each connection from its first message on, so that every way out
/// unregisters once, and logs who comes and goes. At closing time it says when
/// all have gone, and stays to refuse those who come late. Ends with the node,
/// which cannot go on without it.
struct registry_state {
  using actor_type = registry_actor;
  static constexpr const char* name = "registry";

  registry_state(actor_type::pointer self, registry_options options);

  actor_type::behavior_type make_behavior();

  void handle_stranger(const stranger& x);
  void handle_entrance(const entrance& x);
  void handle_private(private_message& x);
  caf::result<uint64_t> handle_user_message(user_message& x);
  bool handle_broadcast(broadcast& x);
  caf::result<uint64_t> handle_kick_user(const kick_user& x);
  caf::result<bool> handle_kick_connection(const kick_connection& x);
  caf::result<bool> handle_closing_time(const closing_time& x);
  void handle_tick();
  void handle_beat();

  /// A connection has ended.
  void handle_down(const caf::down_msg& x);

  connection_list list(const user_query& x) const;
  connection_list list(const connections_query& x) const;
  registry_stats stats() const;
  report inspect(state_query x) const;

  actor_type::pointer self;
  registry_options options;
  population residents;
  /// Which connection each monitored actor is.
  std::unordered_map<caf::actor_addr, connection_id> monitored;
  /// Set from closing time on: how everyone is dismissed.
  std::optional<close_code> closing;
  /// Who wants to know when all have gone.
  std::vector<caf::typed_response_promise<bool>> waiting;
  /// Who is still to be sent home.
  std::vector<connection_id> staying;
  /// How many of them a second, and how many were.
  uint64_t rate = 0;
  uint64_t sent_home = 0;
  /// How often some of them were.
  uint64_t drain_ticks = 0;
  /// Whether a beat is under way.
  bool beating = false;
  /// Null on a single node, which knows all users by itself.
  std::unique_ptr<shared_users> shared;

private:
  friend class shared_users;

  void watch(connection_id id, const connection_actor& handle);
  void receive(const entrance& x);
  void refuse(const entrance& x, close_code code, std::string reason);
  void evict(connection_id id);
  bool dismiss(connection_id id, dismissed how);
  std::vector<remark> letters_for(const event::private_message& x) const;
  frame receipt_of(const private_message& x, size_t delivered) const;
  void send_out(std::vector<remark>&& letters);
  std::vector<connection_id> named(const std::string& who) const;
  void announce(const event::system_notice& what, const std::string& exclude);
  void answer_if_empty();
  void log_end(bool was_in, connection_id id, const user_id& user,
               const farewell& x) const;

  // -- what other nodes decided (registry_shared.cpp) -------------------------

  void await_leave(const entrance& x);
  void let_in(const entrance& x);
  bool let_in_alone(const entrance& x);
  void turn_away(const entrance& x);
  void turn_out(connection_id id);
  void give_way(connection_id id);
  void refuse_closing(const entrance& x);
  uint64_t kick_here(const user_id& user);
  bool kick_here(connection_id id);
  void hand_over(const event::private_message& x);
  void confirm_letter(const private_message& x, uint64_t delivered);
  void refuse_letter(const private_message& x);
  void log_unreached(const node_id& node) const;
  void beat_soon();
};

} // namespace parlor
