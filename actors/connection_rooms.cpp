// SPDX-License-Identifier: MIT
#include "actors/connection.hpp"

#include "messages/to_directory.hpp"
#include "messages/to_room.hpp"
#include "messages/wire/decode.hpp"

#include <algorithm>
#include <utility>

/// How a connection comes into rooms, and what waits for that.
namespace parlor {

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
/// does by itself: both need a place, and the token's leave.
void connection_state::enter(const room_name& room, const request_id& request,
                             bool counted, const join_wishes& wants,
                             bool again) {
  if (!has_seat_for(room))
    return keep_out(ec::limit_exceeded, "Too many rooms", room, request,
                    counted);
  if (!may_enter(room))
    return keep_out(ec::forbidden, "Room not allowed: " + room.str(), room,
                    request, counted);
  auto* seat = find_seat(room);
  if (seat == nullptr)
    seat = &seats.emplace_back(room_seat{room, {}, false, false, {}});
  seat->joining = true;
  seat->counted = counted;
  auto silent = speaks() == dialect::text && !counted
                && room.str() == wire::lobby;
  self->send(options.directory, join{room, request, id(), options.hello.user,
                                     speaks(), self, silent, wants, again});
}

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
  if (seat->counted)
    served();
  resume(std::exchange(seat->held, {}));
  part_when_served();
}

void connection_state::handle_not_joined(const not_joined& x) {
  if (find_seat(x.room) == nullptr)
    return;
  auto seat = take_seat(x.room);
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
