// SPDX-License-Identifier: MIT
// Does not look at what was refused, on purpose.
#include "part/counter.hpp"

int main() {
  counter one{2};
  auto good = one.add() && one.add() && !one.add() && one.count == 2;
  one.drain();
  return good && one.count == 0 ? 0 : 1;
}
