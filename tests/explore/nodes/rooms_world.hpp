// SPDX-License-Identifier: MIT
#pragma once

#include "tests/explore/nodes/nodes_world.hpp"

#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <vector>

namespace parlor::explore {

/// A room that is on all nodes: clients come, talk and go, while nodes are
/// killed, lose their lease, are drained and come back, and links are lost.
class rooms_world final : public nodes_world {
public:
  explicit rooms_world(uint64_t seed);

  void play() override;
  void check() override;

private:
  static constexpr auto room = "r";

  /// A client as its user sees it.
  struct person {
    client* is = nullptr;
    std::string name;
    size_t node = 0;
    /// What it was told by number, and what was not taken back.
    std::map<uint64_t, std::string> log;
    std::string epoch;
    uint64_t seq = 0;
    bool asked_in = false;
    bool joined = false;
    bool leaving = false;
    /// Of the last thing that it said before it asked in.
    uint64_t asked_before = 0;
    bool here = true;
    uint64_t asked = 0;
    /// Contents by the id of the request.
    std::map<uint64_t, std::string> open;
    /// What was not confirmed, and is said again by its key.
    std::vector<std::string> again;
    /// The epoch of its join.
    parlor::epoch since;
    /// What was confirmed: its place and content.
    std::map<place, std::string> said;
  };

  void step();
  void disturb();
  void mend();
  void arrive();
  void knock(person& x);
  void speak();
  void chat(person& x);
  static bool has_key(const std::string& content);
  void leave_room();
  void go();
  void pass_time();
  void lose_a_node();
  void bring_back();
  void drain();
  void flood();
  void hesitate();
  bool is_safe();
  void check_confirmed();
  void check_replicas();
  void read(person& x);
  void read(person& x, const std::string& text);

  std::deque<person> people_;
  uint64_t contents_ = 0;
  /// Out, and does not know it yet.
  node* lost_ = nullptr;
  bool leases_lost_ = false;
};

} // namespace parlor::explore
