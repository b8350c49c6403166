// SPDX-License-Identifier: MIT
#include "part/counter.hpp"

bool counter::add() {
  if (count >= limit) {
    ++refused;
    return false;
  }
  ++count;
  return true;
}

void counter::drain() {
  while (count > 0)
    --count;
}
