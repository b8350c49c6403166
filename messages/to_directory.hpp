// SPDX-License-Identifier: MIT
#pragma once

#include "messages/handles.hpp"
#include "messages/ids.hpp"

#include <caf/meta/type_name.hpp>
#include <caf/timespan.hpp>

#include <cstdint>
#include <vector>

namespace parlor {

/// A room is empty or has failed: it may be forgotten. If it is empty, the
/// directory does so where it has forwarded nothing to the room that the room
/// has not seen yet; if it has failed, at once: the room refuses what is on its
/// way to it.
struct retirement {
  room_name room;
  /// Which one of that name: there may be a new one already.
  parlor::epoch epoch;
  /// How many forwarded messages the room has seen in its life.
  uint64_t visits = 0;
  bool failed = false;
  /// For how long it should stay, for the sake of what was said in it, unless
  /// its place is needed; 0: not at all.
  caf::timespan lingers{0};
  /// Memory that this takes.
  uint64_t bytes = 0;
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, retirement& x) {
  return f(caf::meta::type_name("retirement"), x.room, x.epoch, x.visits,
           x.failed, x.lingers, x.bytes);
}

/// A room has got its first member, or lost its last.
struct occupancy {
  room_name room;
  bool occupied = false;
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, occupancy& x) {
  return f(caf::meta::type_name("occupancy"), x.room, x.occupied);
}

/// A room and its actor.
struct room_entry {
  room_name room;
  room_actor handle;
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, room_entry& x) {
  return f(caf::meta::type_name("room_entry"), x.room, x.handle);
}

/// Rooms with members, sorted by name.
struct room_list {
  std::vector<room_entry> rooms;
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, room_list& x) {
  return f(caf::meta::type_name("room_list"), x.rooms);
}

/// Asks for one room by its name.
struct room_lookup {
  room_name room;
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, room_lookup& x) {
  return f(caf::meta::type_name("room_lookup"), x.room);
}

/// The registry has let this connection in.
struct welcome {
  connection_actor connection;
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, welcome& x) {
  return f(caf::meta::type_name("welcome"), x.connection);
}

} // namespace parlor
