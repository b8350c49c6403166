// SPDX-License-Identifier: MIT
#include "actors/room.hpp"

#include "actors/lane.hpp"
#include "messages/to_connection.hpp"
#include "messages/to_directory.hpp"
#include "messages/wire/encode.hpp"

#include <caf/actor_cast.hpp>
#include <caf/sec.hpp>

#include <algorithm>
#include <chrono>
#include <exception>
#include <utility>

namespace parlor {

room_state::room_state(actor_type::pointer self_ptr, room_options with)
  : self{self_ptr},
    options{std::move(with)},
    order{options.epoch},
    lanes(options.env->threads.size()) {}

room_actor::behavior_type room_state::make_behavior() {
  self->set_down_handler(
    [this](caf::down_msg& x) { guarded([&] { handle_down(x); }); });
  self->set_exit_handler([this](caf::exit_msg& x) { handle_exit(x); });
  return {
    [this](atom::inspect) { return inspect(); },
    [this](const join& x) { handle_join(x); },
    [this](const leave& x) { guarded([&] { handle_leave(x); }); },
    [this](publish& x) { guarded([&] { handle_publish(x); }); },
    [this](const members_query& x) { guarded([&] { handle_members(x); }); },
    [this](post& x) { return handle_post(x); },
    [this](atom::retired) { handle_retired(); },
    [this](atom::tick) { guarded([&] { handle_tick(); }); },
    [this](atom::describe) { return describe(); },
  };
}

// -- failing -------------------------------------------------------------------

/// Does something, unless the room has failed; false where it has, or does now.
template <class F>
bool room_state::guarded(F f) {
  if (failed)
    return false;
  try {
    f();
    return true;
  } catch (const std::exception&) {
    log_failure(name, self->id(), std::current_exception());
    fail();
    return false;
  }
}

void room_state::fail() {
  failed = true;
  for (auto& [member, id] : monitored) {
    self->demonitor(member);
    self->send(caf::actor_cast<connection_actor>(member),
               room_failed{options.room, self});
  }
  monitored.clear();
  members = {};
  if (options.canary)
    self->send_exit(options.directory, caf::sec::runtime_error);
  else
    self->send(options.directory, retirement{options.room, visits, true});
}

void room_state::handle_exit(const caf::exit_msg& x) {
  auto is_lane = [&](auto& lane) {
    return lane.handle && lane.handle.address() == x.source;
  };
  if (std::ranges::none_of(lanes, is_lane))
    self->quit(x.reason);
  else if (!failed)
    fail();
}

// -- joining -------------------------------------------------------------------

void room_state::handle_join(const join& x) {
  ++visits;
  auto most = limits().members_per_room;
  auto done = guarded([&] {
    if (members.find(x.connection) != nullptr)
      repeat_welcome(x);
    else if (most > 0 && members.size() >= most)
      refuse(x, ec::room_full, "Room is full");
    else
      welcome(x);
  });
  if (!done)
    refuse(x, ec::internal, "Room has failed");
}

void room_state::refuse(const join& x, ec code, const char* message) {
  self->send(x.handle, not_joined{x.room, code, message, x.id});
}

/// A second join changes nothing.
void room_state::repeat_welcome(const join& x) {
  self->send(lane_of(x.connection).handle,
             remark{x.connection, greet(x), false});
  self->send(x.handle, joined{x.room, self});
}

void room_state::welcome(const join& x) {
  if (members.empty())
    self->send(options.directory, occupancy{x.room, true});
  auto spoken = members.spoken();
  if (x.silent)
    spoken.erase(dialect::text);
  auto news = members.add(x.connection, {x.user, x.speaks}) && announces();
  event::joined event{x.room, x.user, members.roster(limits().members_listed),
                      news ? order.next() : order.seq()};
  if (news)
    to_all(wire::encode(event, spoken));
  else if (!announces())
    count_soon();
  std::vector<frame> greeting{greet(x)};
  if (x.speaks == dialect::action)
    greeting.push_back(wire::encode(event, x.speaks));
  admit(x, std::move(greeting));
}

void room_state::admit(const join& x, std::vector<frame> greeting) {
  self->monitor(x.handle);
  monitored.emplace(x.handle.address(), x.connection);
  auto& lane = lane_of(x.connection);
  ++lane.members;
  self->send(lane.handle,
             admission{x.connection, x.speaks, std::move(greeting)});
  self->send(x.handle, joined{x.room, self});
}

/// A join's reply: its members and its number are of one turn.
frame room_state::greet(const join& x) const {
  event::join_reply reply{x.id,
                          x.room,
                          order.epoch(),
                          order.seq(),
                          members.roster(limits().members_listed),
                          false,
                          0};
  return wire::encode(reply, x.speaks);
}

// -- leaving -------------------------------------------------------------------

void room_state::handle_leave(const leave& x) {
  auto speaks = dialect_of(x.connection);
  event::done_reply reply{x.id, options.room};
  self->send(lane_of(x.connection).handle,
             dismissal{x.connection, speaks, wire::encode(reply, speaks)});
  self->demonitor(x.handle.address());
  monitored.erase(x.handle.address());
  remove(x.connection, departure::left);
}

void room_state::handle_down(const caf::down_msg& x) {
  auto found = monitored.find(x.source);
  if (found == monitored.end())
    return;
  auto id = found->second;
  monitored.erase(found);
  self->send(lane_of(id).handle, dismissal{id, dialect_of(id), {}});
  remove(id, to_farewell(x.reason).why);
}

/// Its lane has been told before.
void room_state::remove(connection_id id, departure why) {
  auto announced = announces();
  auto gone = members.remove(id);
  if (!gone)
    return;
  --lane_of(id).members;
  if (!announced)
    count_soon();
  else if (gone->last_of_user)
    to_all(
      wire::encode(event::left{options.room, gone->who.user, why, order.next()},
                   members.spoken()));
  retire_if_empty();
}

void room_state::retire_if_empty() {
  if (members.empty() && !options.canary)
    self->send(options.directory, retirement{options.room, visits, false});
}

void room_state::handle_retired() {
  for (auto& lane : lanes)
    self->send_exit(lane.handle, caf::exit_reason::user_shutdown);
  self->quit();
}

// -- saying --------------------------------------------------------------------

void room_state::handle_publish(publish& x) {
  auto lane = lane_of(x.connection).handle;
  auto* sender = members.find(x.connection);
  if (sender == nullptr) {
    event::error error{ec::not_in_room, "Not in room", x.id, {}};
    self->send(lane,
               remark{x.connection, wire::encode(error, dialect::typed), true});
    return;
  }
  std::vector<connection_id> except;
  if (x.exclude_self)
    except.push_back(x.connection);
  auto seq = deliver(sender->user, std::move(x.content), std::move(except),
                     x.connection);
  event::publish_reply reply{x.id, seq, order.epoch()};
  if (auto text = wire::encode(reply, sender->speaks); !text.empty())
    self->send(lane, remark{x.connection, std::move(text), false});
}

caf::result<post_receipt> room_state::handle_post(post& x) {
  ++visits;
  post_receipt receipt{0, order.epoch()};
  auto done = guarded([&] {
    receipt.seq = deliver(x.sender, std::move(x.content), excluded(x.exclude),
                          {});
    retire_if_empty();
  });
  if (!done)
    return make_error(ec::internal);
  return receipt;
}

uint64_t room_state::deliver(const user_id& sender, std::string&& content,
                             std::vector<connection_id> except,
                             connection_id from) {
  auto seq = order.next();
  auto spoken = members.spoken();
  event::chat chat{options.room, sender, std::move(content), options.env->now(),
                   seq};
  frames instead;
  if (!except.empty())
    instead = wire::encode(event::skip{options.room, seq}, spoken);
  to_lanes(
    {wire::encode(chat, spoken), std::move(except), std::move(instead), from});
  return seq;
}

std::vector<connection_id> room_state::excluded(const std::string& who) const {
  auto result = members.connections_of(user_id{who});
  if (auto id = to_connection_id(who); id && members.find(id) != nullptr)
    result.push_back(id);
  return result;
}

void room_state::handle_members(const members_query& x) {
  event::members_reply reply{x.id, options.room,
                             members.roster(limits().members_listed)};
  self->send(
    lane_of(x.connection).handle,
    remark{x.connection, wire::encode(reply, dialect_of(x.connection)), true});
}

// -- very large rooms ----------------------------------------------------------

bool room_state::announces() const {
  return members.user_count() <= limits().members_announced;
}

void room_state::count_soon() {
  if (!std::exchange(ticking, true))
    self->delayed_send(self, std::chrono::seconds{1}, atom::tick_v);
}

void room_state::handle_tick() {
  ticking = false;
  event::members_count count{options.room, members.user_count()};
  to_all(wire::encode(count, members.spoken()));
}

// -- lanes ---------------------------------------------------------------------

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

// -- for admin -----------------------------------------------------------------

room_report room_state::describe() const {
  return {options.room, members.users(), members.size(), order.seq(),
          order.epoch()};
}

report room_state::inspect() const {
  return {name,
          self->id(),
          {{"room", options.room.str()},
           {"epoch", to_string(order.epoch())},
           {"seq", std::to_string(order.seq())},
           {"connections", std::to_string(members.size())},
           {"users", std::to_string(members.user_count())},
           {"monitored", std::to_string(monitored.size())},
           {"visits", std::to_string(visits)}}};
}

} // namespace parlor
