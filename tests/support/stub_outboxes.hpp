// SPDX-License-Identifier: MIT
#pragma once

#include "messages/ports.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace parlor::test {

/// Sockets that write down what actors want of them.
class stub_outboxes final : public outboxes {
public:
  /// What was queued for each connection, as clients would read it.
  std::map<connection_id, std::vector<std::string>> sent;
  /// The close of each connection that was closed.
  std::map<connection_id, std::pair<close_code, std::string>> closed;
  /// How often each connection was served.
  std::map<connection_id, size_t> service;
  std::set<connection_id> heard;
  std::set<connection_id> admitted;
  /// When each connection wants to be woken.
  std::map<connection_id, std::chrono::steady_clock::time_point> alarms;
  std::set<connection_id> forgiven;
  /// What was sent to everyone.
  std::vector<std::pair<frames, std::vector<connection_id>>> announcements;
  /// How many different frames were sent, and how many calls that took.
  size_t broadcasts = 0;
  /// For whom something waits.
  std::set<connection_id> slow;
  /// Who has no room for answers.
  std::set<connection_id> full;
  /// What `may_serve` was asked.
  std::vector<std::pair<size_t, size_t>> asked;
  /// The frames of these calls, alive, so that no two share an address that
  /// were not encoded together.
  std::vector<frame> encoded;
  /// When that was said whose time is to be counted.
  std::vector<std::chrono::steady_clock::time_point> timed;
  /// Makes the next send throw, as a bug in a handler would.
  bool broken = false;

  void send(connection_id to, const frame& what) override {
    if (std::exchange(broken, false))
      throw std::runtime_error{"broken outbox"};
    if (!what.empty() && !closed.contains(to))
      sent[to].emplace_back(what.text());
  }

  void answer(connection_id to, std::span<const frame> what) override {
    for (auto& one : what)
      send(to, one);
  }

  void send(std::span<const connection_id> to, const frame& what) override {
    ++broadcasts;
    encoded.push_back(what);
    for (auto id : to)
      send(id, what);
  }

  void send_admitted(connection_id to, const frame& what) override {
    send(to, what);
  }

  void send_fleeting(std::span<const connection_id> to,
                     const frame& what) override {
    ++broadcasts;
    for (auto id : to)
      if (!slow.contains(id))
        send(id, what);
  }

  void send_all(const frames& what,
                std::span<const connection_id> except) override {
    announcements.emplace_back(
      what, std::vector<connection_id>{except.begin(), except.end()});
  }

  void hear(connection_id who) override { heard.insert(who); }

  void admit(connection_id who) override { admitted.insert(who); }

  void wake(connection_id who,
            std::chrono::steady_clock::time_point at) override {
    alarms[who] = at;
  }

  void served(connection_id who) override { ++service[who]; }

  bool may_serve(connection_id who, size_t held, size_t most) override {
    asked.push_back({held, most});
    return !full.contains(who);
  }

  void all_served(connection_id who) override { forgiven.insert(who); }

  void close(connection_id who, close_code code,
             std::string_view reason) override {
    closed.emplace(who, std::pair{code, std::string{reason}});
  }

  socket_vitals vitals(connection_id) const override { return {}; }

  void time_fanout(std::chrono::steady_clock::time_point said) override {
    timed.push_back(said);
  }

  thread_counts snapshot() const override { return counts_; }

  /// What was queued for this connection since the last call.
  std::vector<std::string> take(connection_id who) {
    return std::exchange(sent[who], {});
  }
};

} // namespace parlor::test
