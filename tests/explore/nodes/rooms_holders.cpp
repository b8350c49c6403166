// SPDX-License-Identifier: MIT
#include "tests/explore/nodes/rooms_world.hpp"

#include <algorithm>

// Who has what was confirmed: two copies survive the loss of one of those who
// have them.
namespace parlor::explore {

room_state* rooms_world::room_at(node& x) {
  if (!x.running)
    return nullptr;
  auto& rooms = state_of<directory_state>(x.core.directory).rooms;
  auto found = rooms.find(room_name{room});
  if (found == rooms.end() || ended(found->second.handle))
    return nullptr;
  return &state_of<room_state>(found->second.handle);
}

/// Whether home and standby of a later view have all that was confirmed.
void rooms_world::watch() {
  for (auto& x : nodes) {
    auto* state = is_in(x) ? room_at(x) : nullptr;
    if (state == nullptr || !state->shared || state->failed)
      continue;
    auto& part = state->shared->part();
    auto& now = part.assigned();
    if (!part.leads() || !part.joined() || now.revision <= established_
        || part.established() != now.revision)
      continue;
    established_ = now.revision;
    holders_ = {&x};
    if (auto* standby = find(now.standby);
        standby != nullptr && is_in(*standby))
      holders_.insert(standby);
    return;
  }
}

bool rooms_world::may_lose(const node& x) {
  return members().members.size() > 1 && is_kept_without(x);
}

bool rooms_world::is_kept_without(const node& x) {
  watch();
  return holders_.size() > (holders_.contains(&x) ? 1 : 0);
}

void rooms_world::before_loss(node& x) {
  holders_.erase(&x);
  for (auto& one : people_)
    if (one.is->at == &x)
      read(one);
}

void rooms_world::before_absence(node& x) {
  for (auto& one : people_)
    one.node_was_out = one.node_was_out || one.is->at == &x;
}

} // namespace parlor::explore
