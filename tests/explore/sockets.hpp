// SPDX-License-Identifier: MIT
#pragma once

#include "messages/ports.hpp"

#include <chrono>
#include <cstddef>
#include <map>
#include <set>
#include <stdexcept>
#include <utility>
#include <vector>

namespace parlor::explore {

/// What one run of a scenario's actors and their sockets share.
struct stage {
  /// Whose turn it is, by the number that the world gave it.
  size_t acting = 0;
  /// Makes the next call of a port throw, as a bug in a handler would.
  bool armed = false;

  void call() {
    if (std::exchange(armed, false))
      throw std::runtime_error{"planted crash"};
  }
};

/// The sockets of one I/O thread. What a client is sent is written down by the
/// actor that sends it: between two of them there is no order that holds.
class sockets final : public outboxes {
public:
  explicit sockets(stage& on) : stage_{on} {}

  struct socket {
    /// By the number of the sender, in its order.
    std::map<size_t, std::vector<frame>> heard;
    /// What it is to hear once it is admitted.
    std::map<size_t, std::vector<frame>> kept;
    /// Another than its connection spoke before it was admitted.
    bool surprised = false;
    /// How many messages were served.
    size_t served = 0;
    /// Whether the rest was forgiven.
    bool forgiven = false;
    bool admitted = false;
    bool closed = false;
    close_code code = close_code::normal;
  };

  std::map<connection_id, socket> all;
  /// How many announcements to everyone there were.
  size_t announcements = 0;

  void clear() {
    all.clear();
    announcements = 0;
  }

  void send(connection_id to, const frame& what) override {
    stage_.call();
    if (!what.empty())
      all[to].heard[stage_.acting].push_back(what);
  }

  void answer(connection_id to, std::span<const frame> what) override {
    for (auto& one : what)
      send(to, one);
  }

  void send(std::span<const connection_id> to, const frame& what) override {
    for (auto id : to)
      send(id, what);
  }

  void send_admitted(connection_id to, const frame& what) override {
    auto& one = all[to];
    if (one.admitted)
      return send(to, what);
    stage_.call();
    one.kept[stage_.acting].push_back(what);
  }

  void send_fleeting(std::span<const connection_id> to,
                     const frame& what) override {
    send(to, what);
  }

  void send_all(const frames&, std::span<const connection_id>) override {
    stage_.call();
    ++announcements;
  }

  void hear(connection_id) override {}

  void wake(connection_id, std::chrono::steady_clock::time_point) override {}

  void admit(connection_id who) override {
    stage_.call();
    auto& one = all[who];
    one.admitted = true;
    one.surprised = one.heard.size() > one.heard.count(stage_.acting);
    one.heard.merge(one.kept);
  }

  void served(connection_id who) override {
    stage_.call();
    ++all[who].served;
  }

  bool may_serve(connection_id, size_t, size_t) override { return true; }

  void all_served(connection_id who) override { all[who].forgiven = true; }

  void close(connection_id who, close_code code, std::string_view) override {
    all[who].closed = true;
    all[who].code = code;
  }

  socket_vitals vitals(connection_id) const override { return {}; }

  void time_fanout(std::chrono::steady_clock::time_point) override {}

  thread_counts snapshot() const override { return counts_; }

private:
  stage& stage_;
};

} // namespace parlor::explore
