// SPDX-License-Identifier: MIT
#pragma once

#include "tests/explore/nodes/rooms_world.hpp"
#include "tests/explore/nodes/users_world.hpp"

#include <cstdint>
#include <string>

namespace parlor::explore {

/// Users and a room together, on five nodes: whoever is in the room has a home
/// that may send it away, and writes to others as well.
class whole_world final : public rooms_world, public users_world {
public:
  explicit whole_world(uint64_t seed);

  void play() override;
  void check() override;

private:
  bool may_lose(const node& x) override;
  void before_loss(node& x) override;
  std::string some_name() override;
};

} // namespace parlor::explore
