// SPDX-License-Identifier: MIT
#include "actors/connection.hpp"

#include "messages/limits.hpp"
#include "messages/to_directory.hpp"
#include "messages/to_registry.hpp"
#include "messages/to_room.hpp"
#include "messages/wire/decode.hpp"
#include "telemetry/log.hpp"

#include <algorithm>
#include <chrono>
#include <utility>
#include <variant>

namespace parlor {

using std::chrono::milliseconds;

namespace {

/// Whether the registry dismisses so whom it never lets in.
bool is_refusal(close_code x) {
  return x == close_code::at_capacity || x == close_code::service_restart;
}

} // namespace

connection_state::connection_state(actor_type::pointer self_ptr,
                                   connection_options with)
  : self{self_ptr},
    options{std::move(with)},
    sockets{options.env->place_of(options.hello.id).sockets},
    rate{limits().messages_per_second, limits().message_burst},
    errors{limits().errors} {
  if (options.env->tokens)
    pass = std::make_unique<credentials>();
}

connection_actor::behavior_type connection_state::make_behavior() {
  if (pass)
    // Not in here: it may have to close.
    self->send(self, atom::alarm_v);
  else
    ask_to_enter();
  return {
    // CAF tries them in this order.
    [this](const client_frame& x) { handle_frame(x); },
    [this](const socket_closed& x) { handle_socket_closed(x); },
    [this](admitted& x) { handle_admitted(x); },
    [this](const dismissed& x) { handle_dismissed(x); },
    [this](const joined& x) { handle_joined(x); },
    [this](const not_joined& x) { handle_not_joined(x); },
    [this](const room_failed& x) { handle_room_failed(x); },
    [this](atom::alarm) { handle_alarm(); },
    [this](atom::describe) { return describe(); },
    [this](state_query x) { return inspect(x); },
  };
}

// -- coming and going ----------------------------------------------------------

void connection_state::ask_to_enter() {
  self->send(options.registry,
             entrance{id(), options.hello.user, speaks(), self});
}

void connection_state::handle_admitted(admitted& x) {
  if (pass && pass->may.rooms)
    x.rooms = wire::allowed_of(x.rooms, pass->may);
  send(event::connected{
    options.hello.user, std::move(x.rooms), id(), options.env->node,
    std::chrono::duration_cast<milliseconds>(limits().heartbeat_interval),
    limits().message_bytes, limits().rooms_per_connection,
    limits().messages_per_second, limits().message_burst, limits().json_depth});
  if (speaks() == dialect::text)
    enter(room_name{std::string{wire::lobby}}, {}, false);
  enter_in_parts(options.hello.rooms);
  sockets->admit(id());
  if (pass)
    settle_in();
  part_when_served();
}

void connection_state::handle_dismissed(const dismissed& x) {
  // Whoever is not let in is not served. One that has gone by itself meanwhile
  // may be let in yet, unless this is the refusal.
  if (!is_inside() && (!last || is_refusal(x.code)))
    pass->early.clear();
  if (last)
    part_when_served();
  else
    close({x.code, x.reason, x.why}, x.retry_after_ms);
}

void connection_state::handle_socket_closed(const socket_closed& x) {
  part({x.code, x.reason, x.why});
}

/// How many messages wait that have not been passed on.
size_t connection_state::owed() const {
  auto result = backlog.size() + (pass ? pass->early.size() : 0);
  for (auto& seat : seats)
    result += seat.held.size();
  return result;
}

/// Ends it, once all is served that its client said before.
void connection_state::part(const farewell& x) {
  if (last)
    return;
  last = std::make_unique<const parting>(
    parting{x, self->clock().now() + parting_patience});
  // Nobody takes the answers any more.
  go_on();
  if (owed() > 0)
    self->delayed_send(self, parting_patience, atom::alarm_v);
  part_when_served();
}

void connection_state::part_when_served() {
  if (!last)
    return;
  auto late = self->clock().now() >= last->until;
  if (auto left = owed(); left > 0 && late)
    log::warn("messages not served", {{"connection", to_string(id())},
                                      {"user", options.hello.user.str()},
                                      {"messages", left}});
  else if (left > 0)
    return;
  give_up_rooms();
  self->quit(make_exit(last->how));
}

/// When its client is to come back, if at all.
std::optional<milliseconds>
connection_state::return_after(close_code code, uint64_t retry_after_ms) const {
  if (!reconnects(code))
    return std::nullopt;
  return retry_after_ms > 0 ? milliseconds{retry_after_ms} : return_of(id());
}

void connection_state::close(const farewell& x, uint64_t retry_after_ms) {
  deaf = true;
  send(event::closing{x.code, x.reason, return_after(x.code, retry_after_ms)});
  sockets->close(id(), x.code, x.reason);
  part(x);
}

caf::error connection_state::handle_failure() {
  farewell how{close_code::internal_error, "internal error", departure::closed};
  send(event::error{ec::internal, "Internal error", {}, {}});
  send(event::closing{how.code, how.reason, return_after(how.code)});
  sockets->close(id(), how.code, how.reason);
  give_up_rooms();
  return make_exit(how);
}

// -- frames --------------------------------------------------------------------

void connection_state::handle_frame(const client_frame& x) {
  if (deaf)
    return;
  if (!is_inside()) {
    knock(x);
    return;
  }
  auto decoded = understand(x);
  if (auto* bad = std::get_if<wire::rejection>(&decoded)) {
    if (within_rate(bad->id))
      handle_rejection(*bad);
    return;
  }
  auto& request = std::get<wire::request>(decoded);
  if (within_rate(request.id))
    dispatch(std::move(request));
}

/// Counted as what it is, whatever becomes of it.
wire::decoded connection_state::understand(const client_frame& x) {
  static_assert(std::variant_size_v<wire::command> + 2
                == received_types.size());
  constexpr auto unknown = std::variant_size_v<wire::command>;
  auto result = wire::decode(x.text, speaks(), limits().json_depth);
  auto type = unknown;
  if (auto* good = std::get_if<wire::request>(&result))
    type = good->what.index();
  else if (std::get<wire::rejection>(result).code != ec::unknown_type)
    type = unknown + 1;
  ++sockets->counts().received[type];
  return result;
}

void connection_state::handle_rejection(const wire::rejection& x) {
  refuse(x.code, x.message, x.id);
  if (!errors.spend(self->clock().now()))
    close({close_code::policy_violation, "Too many errors", departure::closed});
}

bool connection_state::within_rate(const request_id& request) {
  auto verdict = rate.judge(self->clock().now());
  if (verdict == rate_limit::verdict::pass)
    return true;
  ++sockets->counts().dropped[index_of(drop::rate_limited)];
  if (verdict == rate_limit::verdict::hang_up) {
    close({close_code::rate_limited, "Rate limited", departure::closed});
    return false;
  }
  send(event::error{ec::rate_limited, "Too many messages", request,
                    rate.retry_after()});
  served();
  return false;
}

void connection_state::refuse(ec code, std::string message,
                              const request_id& request) {
  send(event::error{code, std::move(message), request, {}});
  served();
}

/// Of which no request of the client's speaks.
void connection_state::refuse_room(ec code, std::string message,
                                   const room_name& room) {
  send(event::error{code, std::move(message), {}, {}, room});
}

void connection_state::carry_out(const request_id& request,
                                 const wire::join_command& x) {
  enter(x.room, request, true, x.wants);
}

void connection_state::carry_out(const request_id& request,
                                 const wire::leave_command& x) {
  auto* seat = seat_of(x.room, request);
  if (seat == nullptr)
    return;
  self->send(seat->handle, leave{request, id(), self});
  take_seat(x.room);
}

void connection_state::carry_out(const request_id& request,
                                 wire::publish_command& x) {
  if (!may_speak(request))
    return;
  if (auto* seat = seat_of(x.room, request))
    self->send(seat->handle, publish{request, id(), std::move(x.content),
                                     x.exclude_self, std::move(x.key)});
}

void connection_state::carry_out(const request_id& request,
                                 wire::private_command& x) {
  if (!may_speak(request))
    return;
  self->send(options.registry,
             private_message{request, std::move(x.to), options.hello.user,
                             std::move(x.content), id(), speaks()});
}

void connection_state::carry_out(const request_id& request,
                                 const wire::members_command& x) {
  if (auto* seat = seat_of(x.room, request))
    self->send(seat->handle, members_query{request, id()});
}

void connection_state::carry_out(const request_id& request,
                                 wire::signal_command& x) {
  if (!may_speak(request))
    return;
  if (auto* seat = seat_of(x.room, request))
    self->send(seat->handle, signal_message{request, id(), std::move(x.name),
                                            std::move(x.data)});
}

void connection_state::carry_out(const request_id& request,
                                 wire::presence_command& x) {
  if (!may_speak(request))
    return;
  auto* seat = seat_of(x.room, request);
  if (seat == nullptr)
    return;
  if (x.data.size() > max_presence_bytes)
    refuse(ec::too_large,
           "data is over " + std::to_string(max_presence_bytes) + " bytes",
           request);
  else
    self->send(seat->handle, presence_update{request, id(), std::move(x.data)});
}

void connection_state::carry_out(const request_id& request,
                                 const wire::history_command& x) {
  if (auto* seat = seat_of(x.room, request))
    self->send(seat->handle, history_query{request, id(), x.before, x.limit});
}

void connection_state::carry_out(const request_id& request,
                                 const wire::rooms_command&) {
  event::rooms_reply reply{request, {}};
  for (auto& seat : seats)
    if (seat.handle)
      reply.rooms.push_back(seat.room);
  send(reply);
  served();
}

void connection_state::carry_out(const request_id& request,
                                 const wire::ping_command&) {
  send(event::pong{request});
  served();
}

// -- for admin -----------------------------------------------------------------

connection_report connection_state::describe() const {
  auto& hello = options.hello;
  auto vitals = sockets->vitals(id());
  std::chrono::duration<double> since_1970
    = hello.connected_at.time_since_epoch();
  connection_report result{id(),     hello.user,   {}, since_1970.count(),
                           hello.ip, hello.client, -1, vitals.outbox_bytes};
  if (vitals.round_trip)
    result.round_trip_us = vitals.round_trip->count();
  for (auto& seat : seats)
    if (seat.handle)
      result.rooms.push_back(seat.room);
  return result;
}

report connection_state::inspect(state_query x) const {
  report result{name, self->id(), x.about};
  auto vitals = sockets->vitals(id());
  std::vector<std::string> in, joining;
  for (auto& seat : seats)
    (seat.joining ? joining : in).push_back(seat.room.str());
  result.text("connection", to_string(id()))
    .text("user", options.hello.user.str())
    .text("ip", options.hello.ip)
    .text("client", options.hello.client)
    .text("dialect", std::string{dialect_names[index_of(speaks())]})
    .flag("inside", is_inside())
    .flag("parting", last != nullptr)
    .list("rooms", std::move(in))
    .list("joining", std::move(joining))
    .number("outbox_bytes", vitals.outbox_bytes);
  if (vitals.round_trip)
    result.number("round_trip_us",
                  static_cast<uint64_t>(vitals.round_trip->count()));
  result.link_to(relation::knows, "directory", options.directory)
    .link_to(relation::knows, "registry", options.registry);
  for (auto& seat : seats)
    result.link_to(relation::knows, "room", seat.handle);
  return result;
}

} // namespace parlor
