// SPDX-License-Identifier: MIT
#include "actors/connection.hpp"

#include "messages/limits.hpp"
#include "messages/to_directory.hpp"
#include "messages/to_room.hpp"
#include "messages/wire/decode.hpp"

#include <algorithm>
#include <utility>

/// How a connection comes into rooms, and what waits for that.
namespace parlor {

namespace {

/// So many rooms of upgrades may be asked for on one thread before those who come
/// ask for one room at a time.
constexpr size_t rooms_of_thread = 32;

} // namespace

connection_state::room_seat*
connection_state::find_seat(const room_name& room) {
  auto found = std::find_if(seats.begin(), seats.end(),
                            [&](auto& x) { return x.room == room; });
  return found != seats.end() ? &*found : nullptr;
}

bool connection_state::has_seat_for(const room_name& room) {
  return seats.size() < limits().rooms_per_connection
         || find_seat(room) != nullptr;
}

/// Refuses where there is none.
connection_state::room_seat*
connection_state::seat_of(const room_name& room, const request_id& request) {
  auto* result = find_seat(room);
  if (result == nullptr)
    refuse(ec::not_in_room, "Not in room: " + room.str(), request);
  return result;
}

connection_state::room_seat connection_state::take_seat(const room_name& room) {
  auto* found = find_seat(room);
  auto result = std::move(*found);
  seats.erase(seats.begin() + (found - seats.data()));
  return result;
}

/// The one way into a room, for what the client asks and for what the service
/// does by itself.
void connection_state::enter(const room_name& room, const request_id& request,
                             bool counted, const join_wishes& wants,
                             bool again) {
  if (auto* seat = make_seat(room, request, counted))
    ask(*seat, request, wants, again);
}

/// For whoever is on its way into a room: both need a place, and the token's leave.
/// Refuses where there is none.
connection_state::room_seat*
connection_state::make_seat(const room_name& room, const request_id& request,
                            bool counted) {
  if (!has_seat_for(room)) {
    keep_out(ec::limit_exceeded, "Too many rooms", room, request, counted);
    return nullptr;
  }
  if (!may_enter(room)) {
    keep_out(ec::forbidden, "Room not allowed: " + room.str(), room, request,
             counted);
    return nullptr;
  }
  auto* seat = find_seat(room);
  if (seat == nullptr)
    seat = &seats.emplace_back(
      room_seat{room, {}, false, false, room_seat::part::none, {}});
  seat->joining = true;
  seat->counted = counted;
  return seat;
}

void connection_state::ask(const room_seat& seat, const request_id& request,
                           const join_wishes& wants, bool again) {
  auto silent = speaks() == dialect::text && !seat.counted
                && seat.room.str() == wire::lobby;
  self->send(options.directory,
             join{seat.room, request, id(), options.hello.user, speaks(), self,
                  silent, wants, again});
}

// -- the rooms of an upgrade ---------------------------------------------------

/// What the client says of them meanwhile is held, as behind any join.
void connection_state::enter_in_parts(const std::vector<room_name>& rooms) {
  for (auto& room : rooms)
    if (find_seat(room) == nullptr)
      if (auto* seat = make_seat(room, {}, false)) {
        seat->of_upgrade = room_seat::part::waits;
        ++rooms_waiting;
      }
  ask_for_rooms();
}

/// A few at once and, while many others come as well, one: who comes with a
/// hundred rooms makes nobody's join wait for all of these. Who is gone enters
/// no more than it has said something to.
void connection_state::ask_for_rooms() {
  using part = room_seat::part;
  if (rooms_waiting == 0)
    return;
  auto& of_all = *options.env->place_of(id()).entering;
  for (auto& seat : seats) {
    auto most = of_all < rooms_of_thread ? max_questions : 1;
    if (rooms_waiting == 0 || rooms_asked >= most)
      return;
    if (seat.of_upgrade != part::waits || (last && seat.held.empty()))
      continue;
    seat.of_upgrade = part::asked;
    --rooms_waiting;
    ++rooms_asked;
    ++of_all;
    ask(seat, {}, {}, false);
  }
}

/// It was answered.
void connection_state::end_part(room_seat& seat) {
  if (std::exchange(seat.of_upgrade, room_seat::part::none)
      != room_seat::part::asked)
    return;
  --rooms_asked;
  --*options.env->place_of(id()).entering;
}

void connection_state::give_up_rooms() {
  *options.env->place_of(id()).entering -= std::exchange(rooms_asked, 0);
}

// -- answers -------------------------------------------------------------------

void connection_state::keep_out(ec code, std::string message,
                                const room_name& room,
                                const request_id& request, bool counted) {
  if (counted)
    refuse(code, std::move(message), request);
  else
    refuse_room(code, std::move(message), room);
}

void connection_state::handle_joined(const joined& x) {
  auto* seat = find_seat(x.room);
  if (seat == nullptr)
    return;
  seat->handle = x.handle;
  seat->joining = false;
  end_part(*seat);
  if (seat->counted)
    served();
  resume(std::exchange(seat->held, {}));
  part_when_served();
}

void connection_state::handle_not_joined(const not_joined& x) {
  if (find_seat(x.room) == nullptr)
    return;
  auto seat = take_seat(x.room);
  end_part(seat);
  if (x.id.empty())
    refuse_room(x.code, x.message, x.room);
  else
    send(event::error{x.code, x.message, x.id, {}});
  if (seat.counted)
    served();
  resume(std::move(seat.held));
  part_when_served();
}

void connection_state::handle_room_failed(const room_failed& x) {
  // What it had of this client's is lost, whether that is in it or left.
  sockets->all_served(id());
  auto* seat = find_seat(x.room);
  if (seat == nullptr || seat->handle != x.handle)
    return;
  // A join that is under way is answered, by this room or the next.
  if (seat->joining) {
    seat->handle = nullptr;
    return;
  }
  take_seat(x.room);
  if (!last)
    enter(x.room, {}, false, {}, true);
}

} // namespace parlor
