// SPDX-License-Identifier: MIT
#include "actors/room.hpp"

// What a room shows of itself.
namespace parlor {

room_report room_state::describe() const {
  return {options.room, shared ? shared->everyone().users() : members.users(),
          connections(), order.seq(), order.epoch()};
}

report room_state::inspect(state_query x) const {
  report result{name, self->id(), x.about};
  result.text("room", options.room.str())
    .text("epoch", to_string(order.epoch()))
    .number("seq", order.seq())
    .number("connections", connections())
    .number("users", members.user_count())
    .number("monitored", monitored.size())
    .number("absent", absent.size())
    .number("presences", presence.size())
    .number("history", log.size())
    .number("keys", keys.size())
    .number("kept_bytes", log.bytes() + keys.bytes()
                            + (shared ? shared->kept_bytes() : 0))
    .number("visits", visits)
    .flag("canary", options.canary)
    .flag("failed", failed)
    .link_to(relation::knows, "directory", options.directory);
  if (shared) {
    auto& part = shared->part();
    result.flag("home", part.leads())
      .flag("joined", part.joined())
      .flag("waits", part.waits())
      .number("log", part.log().seq())
      .number("confirmed", part.confirmed())
      .number("everyone", shared->everyone().size());
  }
  for (auto& lane : lanes)
    result.link_to(relation::owns, "lane", lane.handle);
  for (auto& [who, connection] : monitored)
    result.link_to(relation::monitors, "connection", who);
  return result;
}

} // namespace parlor
