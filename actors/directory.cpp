// SPDX-License-Identifier: MIT
#include "actors/directory.hpp"

#include "actors/room.hpp"
#include "messages/to_connection.hpp"
#include "messages/wire/encode.hpp"
#include "telemetry/log.hpp"

#include <algorithm>
#include <chrono>
#include <ranges>
#include <utility>

namespace parlor {

namespace {

/// No client can name a room so.
const room_name canary_name{"\x01"
                            "canary"};

} // namespace

directory_state::directory_state(actor_type::pointer self_ptr,
                                 const environment* with)
  : self{self_ptr}, env{with} {
  if (env->peers)
    seats = std::make_shared<seating>();
}

directory_actor::behavior_type directory_state::make_behavior() {
  self->set_exit_handler([this](caf::exit_msg& x) { handle_exit(x); });
  canary = open(canary_name, {env->revision, ++openings}, true);
  return {
    // CAF tries them in this order.
    [this](join& x) { handle_join(x); },
    [this](const welcome& x) { handle_welcome(x); },
    [this](const retirement& x) { handle_retirement(x); },
    [this](const occupancy& x) { handle_occupancy(x); },
    [this](post& x) { return handle_post(x); },
    [this](peer_letter& x) { handle_letter(x); },
    [this](const view_change& x) { handle_view(x); },
    [this](const peer_down& x) { handle_peer_down(x); },
    [this](atom::occupied) { return occupied(); },
    [this](const room_lookup& x) { return lookup(x); },
    [this](atom::stats) { return uint64_t{occupied_rooms.size()}; },
    [this](atom::probe) { return handle_probe(); },
    [this](atom::tick) { handle_tick(); },
    [this](state_query x) { return inspect(x); },
  };
}

room_actor directory_state::open(const room_name& room,
                                 const parlor::epoch& opening, bool is_canary) {
  room_options options{env,     self,      room,
                       opening, is_canary, is_canary ? nullptr : seats};
  return spawn_pinned<room_state>(self->system(), env->place_of(room).loop,
                                  std::move(options));
}

/// Something is about to be forwarded to it. Null where there are as many rooms
/// as there may be, and none of them is empty.
directory_state::open_room*
directory_state::find_or_open(const room_name& room) {
  vacant.erase(room);
  auto found = rooms.find(room);
  if (found != rooms.end())
    return &found->second;
  if (rooms.size() >= env->limits.rooms) {
    if (vacant.empty())
      return nullptr;
    forget(room_name{*vacant.oldest()});
  }
  epoch opening{env->revision, ++openings};
  open_room opened{open(room, opening, false), opening};
  return &rooms.emplace(room, std::move(opened)).first->second;
}

bool directory_state::is_failing(const room_name& room) const {
  return failing.contains(room, self->clock().now());
}

void directory_state::refuse(const join& x, ec why, std::string message) {
  self->send(x.handle, not_joined{x.room, why, std::move(message), x.id});
}

void directory_state::handle_join(join& x) {
  if (is_failing(x.room))
    return refuse(x, ec::unavailable, "Room fails: " + x.room.str());
  auto* room = find_or_open(x.room);
  if (room == nullptr)
    return refuse(x, ec::limit_exceeded, "Too many rooms");
  ++room->visits;
  self->send(room->handle, std::move(x));
}

caf::result<post_receipt> directory_state::handle_post(post& x) {
  if (is_failing(x.room))
    return make_error(ec::unavailable);
  auto* room = find_or_open(x.room);
  if (room == nullptr)
    return make_error(ec::limit_exceeded);
  ++room->visits;
  return self->delegate(room->handle, std::move(x));
}

caf::result<post_receipt> directory_state::handle_probe() {
  return self->delegate(canary,
                        post{canary_name, user_id{"canary"}, "0", {}, {}});
}

// -- other nodes ---------------------------------------------------------------

/// Whether others count on a replica of this room here, whoever is in it.
bool directory_state::takes_part(const std::string& room) const {
  auto roles = seats->roles_of(room);
  return seats->self
         && (roles.home == seats->self || roles.standby == seats->self);
}

void directory_state::handle_letter(peer_letter& x) {
  room_name to{x.name};
  if (is_failing(to))
    return;
  if (!rooms.contains(to) && !takes_part(x.name))
    return decline(to, x);
  auto* room = find_or_open(to);
  if (room == nullptr)
    return log::warn("too many rooms for a peer's", {{"rooms", rooms.size()}});
  ++room->visits;
  self->send(room->handle, std::move(x));
}

/// There is nothing here: a home that speaks so should send nothing. What others
/// say is meant for another view.
void directory_state::decline(const room_name& room, const peer_letter& x) {
  auto note = to_room_note(room, x.content);
  auto* letter = note ? std::get_if<replication::letter>(&*note) : nullptr;
  if (letter == nullptr || !replication::is_of_home(*letter))
    return;
  replication::promise none{seats->now.revision, 0, 0, false, {}};
  env->peers->send(seats->self, x.from,
                   to_envelope(room, replication::letter{none}));
}

void directory_state::handle_view(const view_change& x) {
  seats = x.now;
  for (auto& [name_of, room] : rooms)
    self->send(room.handle, x);
}

void directory_state::handle_peer_down(const peer_down& x) {
  for (auto& [name_of, room] : rooms)
    self->send(room.handle, x);
}

// -- empty rooms ---------------------------------------------------------------

void directory_state::handle_retirement(const retirement& x) {
  auto found = rooms.find(x.room);
  if (found == rooms.end() || found->second.epoch != x.epoch)
    return;
  auto& room = found->second;
  set_occupied(*found, false);
  if (x.failed)
    failing.note(x.room, self->clock().now());
  // What it has not seen yet will keep it, or make it ask again.
  if (!x.failed && room.visits != x.visits)
    return;
  if (x.failed || x.lingers.count() == 0) {
    forget(x.room);
  } else {
    vacant.set(x.room, {self->clock().now() + x.lingers, x.bytes});
    while (vacant.bytes() > env->limits.history_total_bytes)
      forget(room_name{*vacant.oldest()});
    tick_soon();
  }
  if (x.failed)
    replace(x.room);
}

/// Nothing is on its way to it, or it has failed.
void directory_state::forget(const room_name& room) {
  auto found = rooms.find(room);
  self->send(found->second.handle, atom::retired_v);
  vacant.erase(found->first);
  rooms.erase(found);
}

/// Other nodes count on a room that has failed, or take its members to be in: the
/// next of its name says what it could not say any more.
void directory_state::replace(const room_name& room) {
  if (seats && seats->self && !is_failing(room))
    find_or_open(room);
}

void directory_state::tick_soon() {
  if (!vacant.empty() && !std::exchange(ticking, true))
    self->delayed_send(self, std::chrono::seconds{1}, atom::tick_v);
}

void directory_state::handle_tick() {
  ticking = false;
  auto now = self->clock().now();
  while (!vacant.empty() && vacant.at(*vacant.oldest()).until <= now)
    forget(room_name{*vacant.oldest()});
  tick_soon();
}

// -- lists ---------------------------------------------------------------------

void directory_state::handle_occupancy(const occupancy& x) {
  if (auto found = rooms.find(x.room); found != rooms.end())
    set_occupied(*found, x.occupied);
}

void directory_state::set_occupied(named_room& x, bool value) {
  if (std::exchange(x.second.occupied, value) == value)
    return;
  if (value)
    occupied_rooms.insert(&x);
  else
    occupied_rooms.erase(&x);
  listed.clear();
}

void directory_state::handle_welcome(const welcome& x) {
  if (listed.empty())
    listed = list();
  self->send(x.connection, admitted{listed});
}

std::string directory_state::list() const {
  std::vector<room_name> names;
  for (auto* entry : occupied_rooms | std::views::take(max_rooms_listed))
    names.push_back(entry->first);
  return wire::list_of(names);
}

void directory_state::handle_exit(const caf::exit_msg& x) {
  for (auto& [name_of, room] : rooms)
    self->send_exit(room.handle, x.reason);
  self->send_exit(canary, x.reason);
  self->quit(x.reason);
}

room_list directory_state::occupied() const {
  room_list result;
  result.rooms.reserve(occupied_rooms.size());
  for (auto* entry : occupied_rooms)
    result.rooms.push_back({entry->first, entry->second.handle});
  return result;
}

room_list directory_state::lookup(const room_lookup& x) const {
  auto found = rooms.find(x.room);
  if (found == rooms.end() || !found->second.occupied)
    return {};
  return {{{x.room, found->second.handle}}};
}

report directory_state::inspect(state_query x) const {
  report result{name, self->id(), x.about};
  result.number("rooms", rooms.size())
    .number("occupied", occupied_rooms.size())
    .number("vacant", vacant.size())
    .number("vacant_bytes", vacant.bytes())
    .number("kept_bytes", env->kept())
    .number("failing", failing.size())
    .number("openings", openings)
    .link_to(relation::owns, "room", canary);
  for (auto& [room, open] : rooms)
    result.link_to(relation::owns, "room", open.handle);
  return result;
}

} // namespace parlor
