// SPDX-License-Identifier: MIT
#pragma once

#include "actors/environment.hpp"
#include "actors/metrics_page.hpp"
#include "actors/pinned.hpp"
#include "messages/handles.hpp"
#include "messages/limits.hpp"
#include "messages/report.hpp"
#include "messages/thread_report.hpp"
#include "messages/to_admin.hpp"
#include "messages/to_directory.hpp"
#include "messages/to_registry.hpp"
#include "messages/wire/api.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace parlor {

/// Whom admin asks.
struct admin_options {
  const environment* env = nullptr;
  directory_actor directory;
  registry_actor registry;
  /// One for each I/O thread, to see that it turns, and what it counts.
  std::vector<lane_actor> lanes;
  /// Null where nobody looks at the process.
  meter_actor meter = {};
};

/// Answers HTTP requests by asking the others; nobody that is silent is waited
/// for longer than `admin_patience`. Owns nothing but the requests under way;
/// an answer that it drops by ending is a 500. Ends with the node.
struct admin_state {
  using actor_type = admin_actor;
  static constexpr const char* name = "admin";

  using request_ptr = std::shared_ptr<const api_request>;

  admin_state(actor_type::pointer self, admin_options options);

  actor_type::behavior_type make_behavior();

  void handle(api_request& x);

  /// The time for a survey is up.
  void handle_tick(uint64_t survey);

  report inspect(state_query x) const;

  actor_type::pointer self;
  admin_options options;
  /// What to do when the time is up, for each survey under way.
  std::unordered_map<uint64_t, std::function<void()>> surveys;
  /// How many surveys there ever were.
  uint64_t last_survey = 0;
  /// What each I/O thread had counted when it was last heard: what a silent one
  /// stands for, so that no sum ever falls.
  std::vector<thread_counts> counted;

private:
  using time_point = std::chrono::steady_clock::time_point;
  using rooms_then = std::function<void(std::vector<room_report>, bool)>;

  void show_connections(const request_ptr& x);
  void add_detail(const request_ptr& x, std::shared_ptr<wire::overview> page);
  void show_stats(const request_ptr& x);
  void show_rooms(const request_ptr& x);
  void show_room(const request_ptr& x);
  void show_users(const request_ptr& x);
  void show_user(const request_ptr& x);
  void kick_one(const request_ptr& x);
  void kick_all(const request_ptr& x);
  void publish(const request_ptr& x);
  void send(const request_ptr& x);
  void announce(const request_ptr& x);
  void disconnect(const request_ptr& x);
  void show_ready(const request_ptr& x);
  void show_metrics(const request_ptr& x);
  void take_threads(const std::vector<thread_report>& reports,
                    metrics_page& into);
  void probe_canary(const request_ptr& x, time_point until);
  void probe_threads(const request_ptr& x, time_point until);
  std::chrono::milliseconds left(time_point until) const;
  void describe_rooms(const std::vector<room_actor>& rooms, rooms_then then);

  template <class Message, class Handle, class F>
  void ask(const request_ptr& x, const Handle& whom, Message what, F then);

  template <class Report, class Message, class Handle, class F>
  void survey(const std::vector<Handle>& whom, Message what, F then,
              std::chrono::milliseconds patience = admin_patience);
};

} // namespace parlor
