// SPDX-License-Identifier: MIT
#include "actors/lane.hpp"
#include "actors/room.hpp"

#include <utility>

// How a room reaches its members: by the lane of each one's thread.
namespace parlor {

room_state::thread_lane& room_state::lane_of(connection_id id) {
  auto& lane = lanes[id.thread() % lanes.size()];
  if (!lane.handle) {
    auto& place = options.env->place_of(id);
    lane.handle = spawn_pinned<lane_state>(self->system(), place.loop,
                                           place.sockets, id.thread());
    self->link_to(lane.handle);
  }
  return lane;
}

void room_state::tell(connection_id who, frame what, bool served) {
  self->send(lane_of(who).handle, remark{who, std::move(what), served});
}

void room_state::to_all(frames what) {
  to_lanes({std::move(what), {}, {}, {}});
}

void room_state::to_lanes(const delivery& x) {
  for (auto& lane : lanes)
    if (lane.members > 0)
      self->send(lane.handle, x);
}

dialect room_state::dialect_of(connection_id id) const {
  auto* found = members.find(id);
  return found != nullptr ? found->speaks : dialect::typed;
}

} // namespace parlor
