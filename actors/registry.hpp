// SPDX-License-Identifier: MIT
#pragma once

#include "actors/environment.hpp"
#include "actors/pinned.hpp"
#include "actors/population.hpp"
#include "messages/error.hpp"
#include "messages/events.hpp"
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

/// Owns the list of this node's connections and users, and the limits on both.
/// It monitors each connection from its entrance on, so that every way out
/// unregisters once, and logs who comes and goes. At closing time it says when
/// all have gone, and stays to refuse those who come late. Ends with the node,
/// which cannot go on without it.
struct registry_state {
  using actor_type = registry_actor;
  static constexpr const char* name = "registry";

  registry_state(actor_type::pointer self, registry_options options);

  actor_type::behavior_type make_behavior();

  void handle_entrance(const entrance& x);
  void handle_private(private_message& x);
  uint64_t handle_user_message(user_message& x);
  bool handle_broadcast(broadcast& x);
  uint64_t handle_kick_user(const kick_user& x);
  bool handle_kick_connection(const kick_connection& x);
  caf::result<bool> handle_closing_time(const closing_time& x);
  void handle_tick();

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

private:
  void refuse(const entrance& x, close_code code, std::string reason);
  void evict(connection_id id);
  bool dismiss(connection_id id, dismissed how);
  std::vector<remark> letters_for(const event::private_message& x) const;
  frame receipt_of(const private_message& x, size_t delivered) const;
  void send_out(std::vector<remark>&& letters);
  std::vector<connection_id> named(const std::string& who) const;
  void answer_if_empty();
  void log_end(bool was_in, connection_id id, const user_id& user,
               const farewell& x) const;
};

} // namespace parlor
