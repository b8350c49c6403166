// SPDX-License-Identifier: MIT
#pragma once

#include "actors/environment.hpp"
#include "actors/metrics_page.hpp"
#include "actors/pinned.hpp"
#include "messages/from_peers.hpp"
#include "messages/handles.hpp"
#include "messages/inquiries.hpp"
#include "messages/limits.hpp"
#include "messages/peers.hpp"
#include "messages/report.hpp"
#include "messages/thread_report.hpp"
#include "messages/to_admin.hpp"
#include "messages/to_directory.hpp"
#include "messages/to_registry.hpp"
#include "messages/wire/api.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
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
/// for longer than `admin_patience`. Its lists are of all nodes of a cluster: it
/// asks the admin of each. Owns nothing but the requests under way;
/// an answer that it drops by ending is a 500. Ends with the node.
struct admin_state {
  using actor_type = admin_actor;
  static constexpr const char* name = "admin";

  using request_ptr = std::shared_ptr<const api_request>;

  admin_state(actor_type::pointer self, admin_options options);

  actor_type::behavior_type make_behavior();

  void handle(api_request& x);

  /// Another node's admin asks, or answers.
  void handle_letter(const peer_letter& x);

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
  /// Empty on a single node, and while this one is not in its cluster.
  seating_ptr seats = std::make_shared<seating>();
  /// Who was in when this node was last in its cluster.
  std::vector<member> known;

  /// What the nodes of a cluster have been asked for one request.
  struct round {
    std::shared_ptr<const api_request> request;
    /// By name; without those who are out, if this node is.
    std::vector<member> nodes;
    /// Whether there may be nodes that could not be asked.
    bool silence = false;
    /// None where the node has not answered.
    std::map<incarnation, std::optional<inquiries::share>> answers;
    /// Of those that have not answered wholly.
    std::map<incarnation, inquiries::share> parts;
    size_t missing = 0;
  };

  /// By the number of their survey.
  std::unordered_map<uint64_t, round> rounds;

private:
  using time_point = std::chrono::steady_clock::time_point;
  using rooms_then = std::function<void(std::vector<room_report>, bool)>;

  // -- a cluster (admin_shared.cpp) -------------------------------------------

  using gathered = std::function<void(inquiries::share&)>;

  void handle_view(const view_change& x);

  /// Nothing where the call concerns one node alone, or is done elsewhere.
  std::optional<inquiries::about> about_of(api_call call) const;
  round round_of(const request_ptr& x) const;
  void ask_all(const request_ptr& x, inquiries::about what);
  void gather(const inquiries::question& x, gathered then);
  void take(uint64_t number, incarnation from, inquiries::share&& part);
  void show_all(round&& x) const;

  // -- a single node ----------------------------------------------------------

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
  std::string why_out() const;
  void show_metrics(const request_ptr& x);
  void take_threads(const std::vector<thread_report>& reports,
                    metrics_page& into);
  void probe_canary(const request_ptr& x, time_point until);
  void probe_threads(const request_ptr& x, time_point until);
  std::chrono::milliseconds left(time_point until) const;
  void describe_rooms(const std::vector<room_actor>& rooms, rooms_then then);
  void tell_parts(incarnation to, inquiries::share&& whole);

  template <class Message, class Handle, class F>
  void ask(const request_ptr& x, const Handle& whom, Message what, F then);

  template <class Report, class Message, class Handle, class F>
  void survey(const std::vector<Handle>& whom, Message what, F then,
              std::chrono::milliseconds patience = admin_patience);
};

} // namespace parlor
