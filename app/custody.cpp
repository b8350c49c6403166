// SPDX-License-Identifier: MIT
#include "app/custody.hpp"

#include <algorithm>

namespace parlor {

void custody::note(uint64_t room, uint64_t revision) {
  std::lock_guard guard{mutex_};
  rooms_[room] = revision;
}

void custody::forget(uint64_t room) {
  std::lock_guard guard{mutex_};
  rooms_.erase(room);
}

bool custody::all_since(uint64_t revision) const {
  std::lock_guard guard{mutex_};
  return std::ranges::all_of(rooms_,
                             [=](auto& x) { return x.second >= revision; });
}

} // namespace parlor
