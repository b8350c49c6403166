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
#include <iterator>
#include <utility>

namespace parlor {

room_state::room_state(actor_type::pointer self_ptr, room_options with)
  : self{self_ptr},
    options{std::move(with)},
    order{options.epoch},
    absent{host().absent},
    presence_bytes{options.env->presences},
    log{options.room, options.epoch, limits(), host().kept},
    keys{limits(), host().kept},
    lanes(options.env->threads.size()) {}

room_actor::behavior_type room_state::make_behavior() {
  self->set_down_handler(
    [this](caf::down_msg& x) { guarded([&] { handle_down(x); }); });
  self->set_exit_handler([this](caf::exit_msg& x) { handle_exit(x); });
  if (options.seats) {
    shared = std::make_unique<shared_order>(*this);
    shared->sit(options.seats);
  }
  return {
    // CAF tries them in this order.
    [this](publish& x) { guarded([&] { handle_publish(x); }); },
    [this](const join& x) { handle_join(x); },
    [this](const leave& x) { guarded([&] { handle_leave(x); }); },
    [this](const members_query& x) { guarded([&] { handle_members(x); }); },
    [this](signal_message& x) { guarded([&] { handle_signal(x); }); },
    [this](const history_query& x) { guarded([&] { handle_history(x); }); },
    [this](presence_update& x) { guarded([&] { handle_presence(x); }); },
    [this](post& x) { return handle_post(x); },
    [this](atom::retired) { handle_retired(); },
    [this](atom::tick) { guarded([&] { handle_tick(); }); },
    [this](atom::diff) { guarded([&] { handle_diff(); }); },
    [this](atom::grace) { guarded([&] { handle_grace(); }); },
    [this](atom::expire) { guarded([&] { handle_expire(); }); },
    [this](const peer_letter& x) {
      ++visits;
      guarded([&] { shared->hear(x); });
    },
    [this](const view_change& x) { guarded([&] { handle_view(x); }); },
    [this](const peer_down& x) { guarded([&] { handle_peer_down(x); }); },
    [this](atom::beat) { guarded([&] { handle_beat(); }); },
    [this](atom::describe) { return describe(); },
    [this](state_query x) { return inspect(x); },
  };
}

std::chrono::steady_clock::time_point room_state::now() const {
  return self->clock().now();
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
  try {
    if (shared)
      shared->fail();
  } catch (const std::exception&) {
    log_failure(name, self->id(), std::current_exception());
  }
  for (auto& [member, id] : monitored) {
    self->demonitor(member);
    self->send(caf::actor_cast<connection_actor>(member),
               room_failed{options.room, self});
  }
  monitored.clear();
  members = {};
  absent.clear();
  if (options.canary)
    self->send_exit(options.directory, caf::sec::runtime_error);
  else
    self->send(options.directory,
               retirement{options.room, options.epoch, visits, true});
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
    else if (shared)
      await_place(x);
    else if (most > 0 && seats_taken(x.user) >= most)
      refuse_full(x);
    else
      welcome(x);
  });
  if (!done)
    refuse(x, ec::internal, "Room has failed");
}

void room_state::refuse(const join& x, ec code, const char* message) {
  // Where it had to wait for its place.
  if (monitored.erase(x.handle.address()) > 0)
    self->demonitor(x.handle.address());
  self->send(x.handle, not_joined{x.room, code, message, x.id});
}

/// A second join changes nothing.
void room_state::repeat_welcome(const join& x) {
  tell(x.connection, greet(x, false, 0), false);
  if (x.wants.presence)
    tell(x.connection, presence_for(x.connection, x.speaks), false);
  self->send(x.handle, joined{x.room, self});
}

void room_state::welcome(const join& x) {
  auto told = !members.has(x.user)
              && members.user_count() < limits().members_announced;
  take_in(x, told, {order.epoch(), told ? order.next() : order.seq()});
}

void room_state::take_in(const join& x, bool told, const place& at) {
  if (members.empty())
    self->send(options.directory, occupancy{x.room, true});
  auto missed = replay_for(x);
  auto spoken = members.spoken();
  if (x.silent)
    spoken.erase(dialect::text);
  members.add(x.connection, {x.user, x.speaks});
  welcome_back(x.user);
  event::joined event{x.room, x.user, roster(), at.seq};
  if (told)
    to_all(wire::encode(event, spoken));
  else if (!announces())
    count_soon();
  std::vector<frame> greeting;
  if (x.again)
    greeting.push_back(wire::encode(
      event::room_reset{x.room, order.epoch(), order.seq(), false}, x.speaks));
  else
    greeting.push_back(greet(x, missed.recovered, missed.what.size()));
  std::ranges::move(missed.what, std::back_inserter(greeting));
  if (x.speaks == dialect::action)
    greeting.push_back(wire::encode(event, x.speaks));
  // What it has said of itself was in an earlier stay of its node, and goes with
  // that: it has to be told so, as everybody is.
  if (x.wants.presence)
    greeting.push_back(presence_for({}, x.speaks));
  if (told)
    log.add(at.epoch, std::move(event), x.silent, now());
  expire_soon();
  admit(x, std::move(greeting));
}

void room_state::admit(const join& x, std::vector<frame> greeting) {
  // Where it had to wait for its place, it is already.
  if (monitored.emplace(x.handle.address(), x.connection).second)
    self->monitor(x.handle);
  auto& lane = lane_of(x.connection);
  ++lane.members;
  self->send(lane.handle,
             admission{x.connection, x.speaks, std::move(greeting)});
  self->send(x.handle, joined{x.room, self});
}

/// A join's reply: its members and its number are of one turn.
frame room_state::greet(const join& x, bool recovered, size_t replayed) const {
  event::join_reply reply{x.id,     x.room,    order.epoch(), order.seq(),
                          roster(), recovered, replayed};
  return wire::encode(reply, x.speaks);
}

// -- leaving -------------------------------------------------------------------

void room_state::handle_leave(const leave& x) {
  auto speaks = dialect_of(x.connection);
  event::done_reply reply{x.id, options.room};
  dismiss(x.connection, wire::encode(reply, speaks));
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
  if (shared && shared->wants_in(id))
    return shared->abandon(id);
  dismiss(id, {});
  auto how = to_farewell(x.reason);
  if (how.code == close_code::abnormal && may_be_absent()
      && members.only_one(id))
    await_return(id, how.why);
  else
    remove(id, how.why);
}

/// Takes a connection out of its lane, which tells it so.
void room_state::dismiss(connection_id id, frame goodbye) {
  auto& lane = lane_of(id);
  if (members.find(id) != nullptr)
    --lane.members;
  self->send(lane.handle, dismissal{id, dialect_of(id), std::move(goodbye)});
}

/// It is in no lane any more.
void room_state::remove(connection_id id, departure why) {
  auto announced = announces();
  auto gone = members.remove(id);
  if (!gone)
    return;
  if (shared)
    return part_with(id, gone->who.user, why);
  forget_presence(gone->who.user, id);
  if (!announced) {
    count_soon();
  } else if (gone->last_of_user) {
    order.next();
    tell_left(gone->who.user, why, true, {order.epoch(), order.seq()}, true);
  }
  retire_if_empty();
}

void room_state::retire_if_empty() {
  if (options.canary || !(shared ? shared->may_end() : members.empty()))
    return;
  // Others keep it where the home is not here.
  auto keeps = !shared || shared->keeps();
  self->send(options.directory,
             retirement{options.room, options.epoch, visits, false,
                        keeps ? lingers() : caf::timespan{0},
                        room_bytes + log.bytes() + keys.bytes()});
}

void room_state::handle_retired() {
  if (shared)
    shared->end(failed);
  for (auto& lane : lanes)
    self->send_exit(lane.handle, caf::exit_reason::user_shutdown);
  self->quit();
}

// -- from the HTTP API ---------------------------------------------------------

caf::result<post_receipt> room_state::handle_post(post& x) {
  ++visits;
  if (shared) {
    auto promise = self->make_response_promise<post_receipt>();
    if (!guarded([&] { share_post(x, promise); }))
      promise.deliver(make_error(ec::internal));
    return promise;
  }
  place at;
  auto done = guarded([&] {
    at = say({options.room, x.sender, std::move(x.content), {}, 0, true}, x.key,
             excluded(x.exclude), {})
           .at;
    retire_if_empty();
  });
  if (!done)
    return make_error(ec::internal);
  return post_receipt{at.seq, at.epoch};
}

// -- very large rooms ----------------------------------------------------------

bool room_state::announces() const {
  return roster_size() <= limits().members_announced;
}

size_t room_state::roster_size() const {
  return shared ? shared->everyone().user_count() : members.user_count();
}

event::roster room_state::roster() const {
  auto most = limits().members_listed;
  return shared ? shared->everyone().roster(most) : members.roster(most);
}

void room_state::count_soon() {
  if (!std::exchange(ticking, true))
    self->delayed_send(self, std::chrono::seconds{1}, atom::tick_v);
}

void room_state::handle_tick() {
  ticking = false;
  event::members_count count{options.room, roster_size()};
  to_lanes({wire::encode(count, members.spoken()), {}, {}, {}, true});
}

} // namespace parlor
