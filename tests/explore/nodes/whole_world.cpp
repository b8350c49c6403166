// SPDX-License-Identifier: MIT
#include "tests/explore/nodes/whole_world.hpp"

namespace parlor::explore {

whole_world::whole_world(uint64_t seed)
  : nodes_world{seed, 5}, rooms_world{seed}, users_world{seed} {}

void whole_world::play() {
  constexpr size_t steps = 600;
  for (size_t i = 0; i < steps; ++i) {
    if (draw(3) == 0)
      users_world::step();
    else
      rooms_world::step();
    check_places();
  }
  mend();
  forget_order();
}

void whole_world::check() {
  rooms_world::check();
  users_world::check();
}

bool whole_world::may_lose(const node& x) {
  return rooms_world::may_lose(x) && users_world::may_lose(x);
}

void whole_world::before_loss(node& x) {
  rooms_world::before_loss(x);
}

std::string whole_world::some_name() {
  return someone();
}

} // namespace parlor::explore
