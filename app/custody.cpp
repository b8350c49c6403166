// SPDX-License-Identifier: MIT
#include "app/custody.hpp"

#include <algorithm>

namespace parlor {

void custody::sit(const view& now, const member* self) {
  std::lock_guard guard{mutex_};
  auto drains = self != nullptr && self->state == member_state::draining;
  if (self == nullptr)
    entered_in_ = 0;
  else if (entered_in_ == 0)
    entered_in_ = now.revision;
  drains_in_ = drains ? now.revision : 0;
}

void custody::note(uint64_t room, uint64_t revision) {
  std::lock_guard guard{mutex_};
  rooms_[room] = revision;
}

void custody::forget(uint64_t room) {
  std::lock_guard guard{mutex_};
  rooms_.erase(room);
}

bool custody::caught_up(bool reaches_all) {
  std::lock_guard guard{mutex_};
  if (entered_in_ > 0 && reaches_all && all_since(entered_in_))
    caught_up_in_ = entered_in_;
  return entered_in_ > 0 && caught_up_in_ == entered_in_;
}

bool custody::handed_over() const {
  std::lock_guard guard{mutex_};
  return all_since(drains_in_ > 0 ? drains_in_ : UINT64_MAX);
}

bool custody::all_since(uint64_t revision) const {
  return std::ranges::all_of(rooms_,
                             [=](auto& x) { return x.second >= revision; });
}

} // namespace parlor
