// SPDX-License-Identifier: MIT
#include "tests/explore/nodes/nodes_world.hpp"

namespace parlor::explore {

void nodes_world::blink() {
  auto& x = any();
  auto& y = any();
  if (!x.running || !y.running || &x == &y)
    return;
  note("link lost", x);
  note("link lost", y);
  roads.erase({x.stay, y.stay});
  roads.erase({y.stay, x.stay});
  lose_link(x, y);
  lose_link(y, x);
}

} // namespace parlor::explore
