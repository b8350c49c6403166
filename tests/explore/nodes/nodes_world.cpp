// SPDX-License-Identifier: MIT
#include "tests/explore/nodes/nodes_world.hpp"

#include <chrono>

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

void nodes_world::deliver_all() {
  constexpr size_t most = 100'000;
  for (size_t i = 0; i < most; ++i) {
    run();
    if (!deliver())
      return;
  }
  throw violation{"the nodes send each other envelopes without end"};
}

void nodes_world::settle(int beats) {
  deliver_all();
  for (int i = 0; i < beats; ++i) {
    scheduler().advance_time(std::chrono::milliseconds{100});
    deliver_all();
  }
  for (auto& one : clients)
    listen(one);
}

} // namespace parlor::explore
