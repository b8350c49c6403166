// SPDX-License-Identifier: MIT
#include "tests/explore/checks.hpp"

#include <algorithm>
#include <set>

namespace parlor::explore {

namespace {

void require(bool holds, const char* what) {
  if (!holds)
    throw violation{what};
}

void require(bool holds, const char* what, const std::string& whom) {
  if (!holds)
    throw violation{std::string{what} + ": " + whom};
}

/// The registry knows those connections that live, and no others.
void check_registry(const world& x) {
  auto* registry = x.registry();
  require(registry != nullptr, "the registry has ended");
  size_t alive = 0;
  for (auto& [name, one] : x.clients) {
    auto* found = registry->residents.find(one.id);
    if (!x.lives(one)) {
      require(found == nullptr, "a ghost in the registry", name);
      continue;
    }
    ++alive;
    require(found != nullptr, "lives, and the registry has lost it", name);
    require(found->handle == one.handle, "another's handle", name);
    require(!found->leaving, "told to go, and lives", name);
    auto all = registry->residents.connections_of(user_id{user_of(name)});
    require(std::ranges::count(all, one.id) == 1,
            "not among its user's connections", name);
  }
  require(registry->residents.size() == alive, "the registry's count");
  require(registry->monitored.size() == alive, "the registry's watch");
}

/// Those who believe to be in a room.
std::set<connection_id> seated_in(const world& x, const room_actor& room) {
  std::set<connection_id> result;
  for (auto& [name, one] : x.clients)
    if (auto* state = x.actors.state_of<connection_state>(one.number))
      for (auto& seat : state->seats) {
        require(!seat.joining, "a join is never answered", name);
        require(seat.held.empty(), "something is held for ever", name);
        if (seat.handle == room)
          result.insert(one.id);
      }
  return result;
}

void check_lanes(const world& x, const room_state& room,
                 const std::set<connection_id>& seated) {
  size_t count = 0;
  for (auto& lane : room.lanes) {
    if (!lane.handle)
      continue;
    auto* state = x.actors.state_of<lane_state>(lane.handle);
    require(state != nullptr, "a lane has ended", room.options.room.str());
    size_t here = 0;
    for (auto& speakers : state->members)
      for (auto id : speakers) {
        ++here;
        require(seated.contains(id), "a ghost in a lane", to_string(id));
      }
    require(here == lane.members, "a lane's count", room.options.room.str());
    count += here;
  }
  require(count == seated.size(), "lanes and seats", room.options.room.str());
}

/// Whether it is known until when this empty room stays.
bool has_time(const directory_state& x, const room_name& room) {
  try {
    return x.vacant.at(room).until.time_since_epoch().count() > 0;
  } catch (const std::out_of_range&) {
    return false;
  }
}

void check_room(const world& x, const directory_state::open_room& entry,
                const std::string& name) {
  auto* room = x.actors.state_of<room_state>(entry.handle);
  require(room != nullptr, "a room that is listed has ended", name);
  require(!room->failed, "a room that failed is listed", name);
  auto seated = seated_in(x, entry.handle);
  for (auto id : seated)
    require(room->members.find(id) != nullptr, "sits in no room", name);
  require(room->members.size() == seated.size() + room->absent.size(),
          "a ghost in a room", name);
  require(room->monitored.size() == seated.size(), "a room's watch", name);
  require(entry.epoch == room->order.epoch(), "a room's epoch", name);
  require(entry.occupied == !room->members.empty(), "a room's occupancy", name);
  require(!room->members.empty()
            || (has_time(*x.directory(), room_name{name})
                && (room->log.published() || !room->keys.empty())),
          "an empty room is kept", name);
  check_lanes(x, *room, seated);
}

void check_directory(const world& x) {
  auto* directory = x.directory();
  require(directory != nullptr, "the directory has ended");
  size_t occupied = 0;
  for (auto& [name, entry] : directory->rooms) {
    check_room(x, entry, name.str());
    occupied += entry.occupied;
  }
  require(directory->occupied_rooms.size() == occupied, "the directory's count");
  require(directory->vacant.size() == directory->rooms.size() - occupied,
          "empty rooms and their times");
  for (auto& [name, one] : x.clients)
    if (auto* state = x.actors.state_of<connection_state>(one.number))
      for (auto& seat : state->seats) {
        auto found = directory->rooms.find(seat.room);
        require(found != directory->rooms.end()
                  && found->second.handle == seat.handle,
                "sits in a room that is not listed", name);
      }
}

/// Rooms and lanes that live are somebody's, and memory is somebody's.
void check_orphans(const world& x) {
  size_t kept = 0;
  for (size_t i = 1; i < x.actors.size(); ++i) {
    auto& one = x.actors[i];
    if (auto* room = x.actors.state_of<room_state>(i)) {
      kept += room->log.charged() + room->keys.charged();
      auto found = x.directory()->rooms.find(room->options.room);
      require(room->options.canary
                || (found != x.directory()->rooms.end()
                    && found->second.handle.id() == room->self->id()),
              "an orphan", one.name);
    } else if (one.as == role::lane && one.parent != 0 && !x.actors.ended(i)) {
      require(!x.actors.ended(one.parent), "an orphan", one.name);
    }
  }
  require(x.env.kept() == kept, "memory that is nobody's");
}

void check_room_limits(const world& x, const room_state& room) {
  auto most = x.env.limits.members_per_room;
  require(most == 0 || room.members.size() <= most,
          "more members than may be");
}

/// All have gone and all time has passed.
void check_nothing_left(const world& x) {
  if (auto* registry = x.registry()) {
    require(registry->residents.size() == 0, "connections are left");
    require(registry->residents.user_count() == 0, "users are left");
    require(registry->monitored.empty(), "the registry watches nobody");
  }
  require(x.directory()->rooms.empty(), "rooms are left");
  require(x.directory()->occupied_rooms.empty(), "occupied rooms are left");
  require(x.directory()->vacant.empty(), "empty rooms are left");
  require(x.env.kept() == 0, "memory is left");
  require(!x.has_timers(), "timers are left");
}

} // namespace

void check_limits(const world& x) {
  if (auto* registry = x.registry()) {
    require(registry->residents.size() <= x.env.limits.max_connections,
            "more connections than may be");
    for (auto& [name, one] : x.clients) {
      auto user = user_id{user_of(name)};
      require(registry->residents.addresses_of(user).size()
                <= x.env.limits.max_connections_per_user,
              "more connections of a user than may be");
    }
  }
  if (auto* directory = x.directory()) {
    require(directory->rooms.size() <= x.env.limits.rooms,
            "more rooms than may be");
    for (auto& [name, entry] : directory->rooms)
      if (auto* room = x.actors.state_of<room_state>(entry.handle))
        check_room_limits(x, *room);
  }
}

void check_indexes(const world& x) {
  check_registry(x);
  check_directory(x);
  check_orphans(x);
}

void check_end(world& x) {
  check_indexes(x);
  check_logs(x);
  check_answers(x);
  x.hang_up_all();
  check_indexes(x);
  constexpr size_t most = 1000;
  for (size_t i = 0; i < most && x.fire_timer(); ++i)
    x.settle();
  check_indexes(x);
  check_nothing_left(x);
}

} // namespace parlor::explore
