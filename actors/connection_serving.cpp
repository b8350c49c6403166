// SPDX-License-Identifier: MIT
#include "actors/connection.hpp"

#include <iterator>
#include <utility>
#include <variant>

/// When a connection serves what its client has asked for: in the order in which
/// it came, and no faster than the client takes the answers.
namespace parlor {

namespace {

const room_name* room_of(const wire::request& x) {
  return std::visit(
    [](auto& command) -> const room_name* {
      if constexpr (requires { command.room; })
        return &command.room;
      else
        return nullptr;
    },
    x.what);
}

/// Whether the answer may be long, so that few of them are asked for at once.
bool is_question(const wire::command& x) {
  return std::holds_alternative<wire::join_command>(x)
         || std::holds_alternative<wire::history_command>(x)
         || std::holds_alternative<wire::members_command>(x)
         || std::holds_alternative<wire::presence_command>(x);
}

/// Whether it is not to wait for anything: a token would expire meanwhile.
bool is_urgent(const wire::command& x) {
  return std::holds_alternative<wire::refresh_command>(x);
}

} // namespace

void connection_state::dispatch(wire::request&& x) {
  if (is_urgent(x.what)
      || (backlog.empty() && !joining_seat_of(x) && may_serve(x, 1)))
    return serve(std::move(x));
  backlog.push_back(std::move(x));
  go_on();
}

/// Those that were held came before all that is in the backlog. One of them may
/// be a join again, which holds those behind it.
void connection_state::resume(std::vector<wire::request>&& held) {
  backlog.insert(backlog.begin(), std::make_move_iterator(held.begin()),
                 std::make_move_iterator(held.end()));
  go_on();
}

/// Serves as much of the backlog as may be.
void connection_state::go_on() {
  while (!backlog.empty()) {
    auto* seat = joining_seat_of(backlog.front());
    if (!seat && !may_serve(backlog.front()))
      break;
    auto next = std::move(backlog.front());
    backlog.erase(backlog.begin());
    if (seat)
      seat->held.push_back(std::move(next));
    else
      serve(std::move(next));
  }
  ask_for_rooms();
}

/// What concerns a room whose join is under way is held until that is answered.
connection_state::room_seat*
connection_state::joining_seat_of(const wire::request& x) {
  auto* room = room_of(x);
  auto* seat = room != nullptr ? find_seat(*room) : nullptr;
  return seat != nullptr && seat->joining ? seat : nullptr;
}

/// Of one that is in the backlog, or the one that is `arriving`.
bool connection_state::may_serve(const wire::request& x, size_t arriving) {
  if (last)
    return true;
  if (!is_question(x.what))
    return sockets->may_serve(id(), 1, read_credit);
  auto held = backlog.size() + arriving;
  for (auto& seat : seats)
    held += seat.held.size();
  return sockets->may_serve(id(), held, max_questions);
}

void connection_state::serve(wire::request&& x) {
  std::visit([&](auto& command) { carry_out(x.id, command); }, x.what);
}

} // namespace parlor
