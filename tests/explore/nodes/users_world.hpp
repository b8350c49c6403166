// SPDX-License-Identifier: MIT
#pragma once

#include "actors/registry.hpp"
#include "tests/explore/nodes/nodes_world.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <utility>
#include <vector>

namespace parlor::explore {

/// Users on some nodes, with as many connections as they may have: they come,
/// write to each other and go, while nodes and links are lost and come back.
class users_world : public virtual nodes_world {
public:
  explicit users_world(uint64_t seed);

  void play() override;
  void check() override;

protected:
  const char* someone();
  void step();
  void follow_all();

  /// Nothing is known of the times in which letters were answered: homes may
  /// have moved more than once between two looks.
  void forget_order();
  void check_places();
  bool may_lose(const node& x) override;

private:
  /// The times during which one node was a user's home, as another node knew
  /// it, are counted: a term is such a time.
  struct term {
    incarnation home;
    size_t number = 0;
  };

  /// A letter that was written. Its node answers it in a term that is not known
  /// exactly.
  struct sent {
    client* by;
    size_t number;
    user_id to;
    size_t first_term;
    size_t last_term;
    /// Whether the node had it, and whether it was answered.
    bool seen = false;
    bool done = false;
  };

  client* any_client();
  void write();
  size_t term_of(node& x, const user_id& user);
  void follow(sent& x);
  size_t answers(const sent& x) const;
  void fail();
  void rest();
  registry_state& registry_of(node& x);
  void check_growth(node& x);
  void check_users();
  void check_clients();
  void check_heard(const client& x);

  size_t letters_ = 0;
  std::vector<sent> written_;
  std::map<std::pair<const node*, user_id>, term> terms_;
};

} // namespace parlor::explore
