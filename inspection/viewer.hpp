// SPDX-License-Identifier: MIT
#pragma once

#include "actors/error_budget.hpp"
#include "actors/pinned.hpp"
#include "messages/handshake.hpp"
#include "messages/inspection_handles.hpp"
#include "messages/limits.hpp"
#include "messages/ports.hpp"
#include "messages/to_connection.hpp"

#include <chrono>
#include <cstdint>
#include <string_view>

namespace parlor::inspection {

/// How a viewer is started.
struct viewer_options {
  parlor::limits limits;
  inspector_actor inspector;
  /// Those of its thread.
  outboxes* sockets = nullptr;
  handshake hello;
};

/// One page of the inspector, over a WebSocket at /debug/live: it says what it
/// has in view, and is sent that and nothing else, again and again. To its socket
/// it is a connection; the registry and the rooms know nothing of it. Ends when
/// its socket does, or with an answer that is not to be understood too often.
struct viewer_state {
  using actor_type = connection_actor;
  static constexpr const char* name = "viewer";

  /// Between two updates.
  static constexpr std::chrono::seconds interval{1};

  /// For the inspector, who waits for silent actors itself.
  static constexpr std::chrono::seconds patience{10};

  viewer_state(actor_type::pointer self, viewer_options options);

  actor_type::behavior_type make_behavior();

  void handle_frame(const client_frame& x);
  void handle_socket_closed(const socket_closed& x);
  void handle_dismissed(const dismissed& x);
  void handle_tick();
  connection_report describe() const;
  report inspect(state_query x) const;
  std::string_view title() const { return options.hello.ip; }

  actor_type::pointer self;
  viewer_options options;
  view_query view;
  error_budget errors;
  /// Whether an update is asked for.
  bool asking = false;
  /// Whether the view has changed since.
  bool again = false;
  bool ticking = false;
  uint64_t updates = 0;

private:
  connection_id id() const { return options.hello.id; }
  bool sees_something() const;
  void refresh();
  void show(const view_update& x);
  void tick_soon();
  void refuse(std::string_view what);
  void close(const farewell& x);
};

} // namespace parlor::inspection
