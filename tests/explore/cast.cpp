// SPDX-License-Identifier: MIT
#include "tests/explore/cast.hpp"

namespace parlor::explore {

namespace {

template <class State>
State* as(caf::scheduled_actor& x) {
  auto* actor = dynamic_cast<pinned<State>*>(&x);
  return actor != nullptr ? &actor->state() : nullptr;
}

} // namespace

role cast::role_of(caf::scheduled_actor& x) {
  if (as<lane_state>(x) != nullptr)
    return role::lane;
  if (as<room_state>(x) != nullptr)
    return role::room;
  if (as<connection_state>(x) != nullptr)
    return role::connection;
  if (as<directory_state>(x) != nullptr)
    return role::directory;
  return as<registry_state>(x) != nullptr ? role::registry : role::other;
}

size_t cast::number_of(caf::scheduled_actor& x, size_t parent) {
  auto [at, is_new] = numbers_.emplace(x.id(), players_.size());
  if (!is_new)
    return at->second;
  player seen{caf::weak_actor_ptr{x.ctrl()}, role_of(x), parent, x.name()};
  if (auto* room = as<room_state>(x)) {
    auto opening = std::to_string(room->options.epoch.opening);
    seen.name = room->options.canary ? "canary"
                                     : room->options.room.str() + "#" + opening;
  } else if (auto* lane = as<lane_state>(x)) {
    seen.name = "lane " + std::to_string(lane->thread);
    if (parent != 0)
      seen.name += " of " + players_[parent].name;
  }
  players_.push_back(std::move(seen));
  return at->second;
}

} // namespace parlor::explore
