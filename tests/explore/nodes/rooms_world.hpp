// SPDX-License-Identifier: MIT
#pragma once

#include "actors/room.hpp"
#include "tests/explore/nodes/nodes_world.hpp"
#include "tests/explore/nodes/person.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <set>
#include <string>

namespace parlor::explore {

/// A room that is on all nodes: clients come, talk, say something of themselves
/// and go, while nodes and links are lost and come back. Of the two that have
/// what was confirmed, one stays.
class rooms_world : public virtual nodes_world {
public:
  explicit rooms_world(uint64_t seed);

  void play() override;
  void check() override;

protected:
  void step();
  void mend();
  bool may_lose(const node& x) override;
  bool is_kept_without(const node& x) override;
  void before_loss(node& x) override;

  /// Of who comes next.
  virtual std::string some_name();

private:
  static constexpr auto room = "r";

  void fail();
  void arrive_somewhere();
  person* anyone();
  void knock(person& x);
  void speak();
  void chat(person& x, size_t filling = 0);
  static bool has_key(const std::string& content);
  void show_something();
  void flood();
  void leave_room();
  void go();
  void pass_time();
  void read(person& x);
  void read_all();

  // -- who has what was confirmed (rooms_holders.cpp) -------------------------

  void before_absence(node& x) override;
  room_state* room_at(node& x);
  void watch();

  // -- what has to hold (rooms_world_checks.cpp) ------------------------------

  bool is_there(const person& x) const;
  std::set<std::string> users() const;
  size_t connections() const;
  presences shown() const;
  void check_orders();
  void check_confirmed();
  void check_members(const person& x);
  void check_itself(const person& x);
  void check_presence(const person& x);
  void check_replica(node& x);
  void check_numbers();
  void check_growth(node& x, room_state& room);

  /// The same on all nodes; 0 is none.
  size_t most_members_ = 0;
  size_t most_listed_ = 100;
  /// None where nodes differ in it.
  std::optional<size_t> most_announced_;
  std::deque<person> people_;
  uint64_t contents_ = 0;
  /// Who has what was confirmed: the home and the standby of the last view in
  /// which they had all of it, as far as they are still in.
  std::set<const node*> holders_;
  uint64_t established_ = 0;
  /// For how long nobody has been there.
  std::chrono::milliseconds empty_for_{0};
};

} // namespace parlor::explore
