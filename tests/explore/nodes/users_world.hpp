// SPDX-License-Identifier: MIT
#pragma once

#include "actors/registry.hpp"
#include "tests/explore/nodes/nodes_world.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace parlor::explore {

/// Users on three nodes, with as many connections as they may have: they come,
/// write to each other and go, while nodes are killed, lose their lease or are
/// taken for gone, and links are lost.
class users_world final : public nodes_world {
public:
  explicit users_world(uint64_t seed);

  void play() override;
  void check() override;

private:
  struct sent {
    client* by;
    size_t number;
    /// Of whom it was written to, as the writer's node knew it.
    incarnation home;
  };

  const char* someone();
  client* any_client();
  void step();
  void write();
  void die();
  void lapse(node& x);
  void show_view();
  void rest();
  registry_state& registry_of(node& x);
  void check_users();
  void check_clients();
  void check_heard(const client& x);

  size_t letters_ = 0;
  std::vector<sent> written_;
  /// Whether the others have not been told that one is dead.
  bool unseen_ = false;
};

} // namespace parlor::explore
