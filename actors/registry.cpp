// SPDX-License-Identifier: MIT
#include "actors/registry.hpp"

#include "messages/to_connection.hpp"
#include "messages/to_directory.hpp"
#include "messages/to_lane.hpp"
#include "messages/wire/encode.hpp"
#include "telemetry/log.hpp"

#include <algorithm>
#include <chrono>
#include <initializer_list>
#include <iterator>
#include <utility>

namespace parlor {

namespace {

uint64_t to_ms(std::chrono::nanoseconds x) {
  return static_cast<uint64_t>(
    std::chrono::duration_cast<std::chrono::milliseconds>(x).count());
}

} // namespace

registry_state::registry_state(actor_type::pointer self_ptr,
                               registry_options with)
  : self{self_ptr}, options{std::move(with)}, residents{options.env->limits} {
  if (options.env->peers)
    shared = std::make_unique<shared_users>(*this);
}

registry_actor::behavior_type registry_state::make_behavior() {
  self->set_down_handler([this](caf::down_msg& x) { handle_down(x); });
  for (auto& lane : options.lanes)
    self->link_to(lane);
  return {
    // CAF tries them in this order.
    [this](private_message& x) { handle_private(x); },
    [this](const entrance& x) { handle_entrance(x); },
    [this](const stranger& x) { handle_stranger(x); },
    [this](const peer_letter& x) { shared->hear(x); },
    [this](user_message& x) { return handle_user_message(x); },
    [this](broadcast& x) { return handle_broadcast(x); },
    [this](const kick_user& x) { return handle_kick_user(x); },
    [this](const kick_connection& x) { return handle_kick_connection(x); },
    [this](const user_query& x) { return list(x); },
    [this](const connections_query& x) { return list(x); },
    [this](const users_query& x) {
      return residents.users_page(x.after, x.limit);
    },
    [this](atom::stats) { return stats(); },
    [this](const closing_time& x) { return handle_closing_time(x); },
    [this](atom::tick) { handle_tick(); },
    [this](const view_change& x) { shared->sit(x.now); },
    [this](const peer_down& x) { shared->lose(x.stay); },
    [this](atom::beat) { handle_beat(); },
    [this](atom::probe) { return !closing; },
    [this](state_query x) { return inspect(x); },
  };
}

// -- coming and going ----------------------------------------------------------

void registry_state::handle_stranger(const stranger& x) {
  if (closing)
    return refuse({x.connection, {}, {}, x.handle}, *closing,
                  "Server is closing");
  if (!residents.expect(x.connection))
    return refuse({x.connection, {}, {}, x.handle}, close_code::at_capacity,
                  "Server at capacity");
  watch(x.connection, x.handle);
}

void registry_state::handle_entrance(const entrance& x) {
  if (closing) {
    refuse_closing(x);
    return;
  }
  if (shared) {
    await_leave(x);
    return;
  }
  auto verdict = residents.admit(x.connection, {x.user, x.speaks, x.handle});
  if (!verdict.refusal.empty()) {
    refuse(x, close_code::at_capacity, std::string{verdict.refusal});
    return;
  }
  watch(x.connection, x.handle);
  if (verdict.evicted)
    evict(verdict.evicted);
  receive(x);
}

/// From its first message on.
void registry_state::watch(connection_id id, const connection_actor& handle) {
  if (monitored.emplace(handle.address(), id).second)
    self->monitor(handle);
}

/// It is in.
void registry_state::receive(const entrance& x) {
  log::record(log::level::info, "client connected",
              {{"connection", to_string(x.connection)},
               {"user", x.user.str()},
               {"active_connections", residents.size()}});
  self->send(options.directory, welcome{x.handle});
}

void registry_state::refuse(const entrance& x, close_code code,
                            std::string reason) {
  log_end(false, x.connection, x.user, {code, reason, departure::closed});
  self->send(x.handle,
             dismissed{code, std::move(reason), departure::closed, 0});
}

/// It has been dismissed in `residents` already.
void registry_state::evict(connection_id id) {
  auto* reason = options.env->limits.max_connections_per_user == 1
                   ? "Replaced by new connection"
                   : "Too many connections";
  self->send(residents.find(id)->handle,
             dismissed{close_code::replaced, reason, departure::closed, 0});
}

bool registry_state::dismiss(connection_id id, dismissed how) {
  if (!residents.dismiss(id))
    return false;
  auto* who = residents.find(id);
  self->send(who->handle, std::move(how));
  if (shared)
    shared->leave(id, who->user);
  return true;
}

void registry_state::handle_down(const caf::down_msg& x) {
  auto found = monitored.find(x.source);
  if (found == monitored.end())
    return;
  auto id = found->second;
  monitored.erase(found);
  auto gone = residents.remove(id);
  if (shared && gone)
    shared->leave(id, gone->user);
  else if (shared)
    shared->abandon(id);
  if (gone)
    log_end(true, id, gone->user, to_farewell(x.reason));
  answer_if_empty();
}

/// Each who was in is told of. At a full service anybody may be refused any
/// number of times.
void registry_state::log_end(bool was_in, connection_id id, const user_id& user,
                             const farewell& x) const {
  auto connection = to_string(id);
  std::initializer_list<log::field> fields{
    {"connection", connection},
    {"user", user.str()},
    {"code", static_cast<uint16_t>(x.code)},
    {"reason", x.reason},
    {"verdict", verdict(x.code)},
    {"active_connections", residents.size()}};
  if (was_in)
    log::record(log::level::info, "client gone", fields);
  else
    log::info("client refused", fields);
}

caf::result<uint64_t> registry_state::handle_kick_user(const kick_user& x) {
  if (!shared)
    return kick_here(x.user);
  if (shared->isolated()) {
    // Who is here goes, but that may not be all.
    kick_here(x.user);
    return make_error(ec::unavailable);
  }
  auto promise = self->make_response_promise<uint64_t>();
  shared->expel(x.user, promise);
  return promise;
}

caf::result<bool>
registry_state::handle_kick_connection(const kick_connection& x) {
  if (kick_here(x.connection))
    return true;
  if (!shared || residents.find(x.connection) != nullptr)
    return false;
  auto promise = self->make_response_promise<bool>();
  shared->expel(x.connection, promise);
  return promise;
}

uint64_t registry_state::kick_here(const user_id& user) {
  auto ids = residents.connections_of(user);
  for (auto id : ids)
    kick_here(id);
  return ids.size();
}

bool registry_state::kick_here(connection_id id) {
  return dismiss(id, {close_code::kicked, "Kicked", departure::kicked, 0});
}

caf::result<bool> registry_state::handle_closing_time(const closing_time& x) {
  closing = x.code;
  if (shared)
    shared->close();
  auto answer = waiting.emplace_back(self->make_response_promise<bool>());
  staying.clear();
  for (auto& [id, resident] : residents.all())
    staying.push_back(id);
  rate = options.env->limits.drain_rate;
  if (auto within = to_ms(x.within))
    // Some time is for the last ones to be gone.
    rate = std::max(rate, staying.size() * 1250 / within);
  handle_tick();
  answer_if_empty();
  return answer;
}

/// So many come back a second as are sent home, each a bit later than the one
/// before.
void registry_state::handle_tick() {
  // Rounded up, so that one goes at once.
  auto until = (++drain_ticks * rate * to_ms(drain_pause) + 999) / 1000;
  while (sent_home < until && !staying.empty()) {
    dismiss(staying.back(), {*closing, "Server is closing", departure::closed,
                             to_ms(first_return) + 1000 * sent_home++ / rate});
    staying.pop_back();
  }
  if (!staying.empty())
    self->delayed_send(self, drain_pause, atom::tick_v);
}

void registry_state::answer_if_empty() {
  if (residents.size() > 0)
    return;
  for (auto& one : waiting)
    one.deliver(true);
  waiting.clear();
}

// -- messages ------------------------------------------------------------------

void registry_state::handle_private(private_message& x) {
  if (shared) {
    shared->write(std::move(x));
    return;
  }
  auto letters = letters_for(
    {x.to, x.sender, std::move(x.content), options.env->now()});
  letters.push_back({x.from, receipt_of(x, letters.size()), true});
  send_out(std::move(letters));
}

caf::result<uint64_t> registry_state::handle_user_message(user_message& x) {
  if (shared) {
    auto promise = self->make_response_promise<uint64_t>();
    shared->write(std::move(x), promise);
    return promise;
  }
  auto letters = letters_for({x.to, options.env->api_sender,
                              std::move(x.content), options.env->now(), true});
  uint64_t delivered = letters.size();
  send_out(std::move(letters));
  return delivered;
}

/// Encoded once for each dialect that the user's connections speak.
std::vector<remark>
registry_state::letters_for(const event::private_message& x) const {
  auto addresses = residents.addresses_of(x.to);
  std::vector<remark> result;
  // And a receipt.
  result.reserve(addresses.size() + 1);
  frames encoded;
  for (auto& to : addresses) {
    auto& what = encoded[to.speaks];
    if (what.empty())
      what = wire::encode(x, to.speaks);
    result.push_back({to.connection, what, false});
  }
  return result;
}

frame registry_state::receipt_of(const private_message& x,
                                 size_t delivered) const {
  if (delivered > 0 || !x.id.empty())
    return wire::encode(event::private_reply{x.id, delivered}, x.speaks);
  return wire::encode(
    event::error{ec::user_offline, "User is offline: " + x.to.str(), {}, {}},
    x.speaks);
}

/// With one message to each thread that has a letter to come, mostly one in all.
void registry_state::send_out(std::vector<remark>&& letters) {
  auto lane_of = [this](const remark& letter) {
    return letter.to.thread() % options.lanes.size();
  };
  while (!letters.empty()) {
    auto lane = lane_of(letters.front());
    auto others = std::stable_partition(
      letters.begin(), letters.end(),
      [&](auto& letter) { return lane_of(letter) == lane; });
    std::vector<remark> rest{std::make_move_iterator(others),
                             std::make_move_iterator(letters.end())};
    letters.erase(others, letters.end());
    self->send(options.lanes[lane], mail{std::move(letters)});
    letters = std::move(rest);
  }
}

bool registry_state::handle_broadcast(broadcast& x) {
  auto at = options.env->now();
  if (shared)
    shared->announce(x, at);
  announce({std::move(x.content), at}, x.exclude);
  return true;
}

void registry_state::announce(const event::system_notice& what,
                              const std::string& exclude) {
  announcement everyone{wire::encode(what, dialect_set::all()), named(exclude)};
  for (auto& lane : options.lanes)
    self->send(lane, everyone);
}

std::vector<connection_id> registry_state::named(const std::string& who) const {
  auto result = residents.connections_of(user_id{who});
  if (auto id = to_connection_id(who); id && residents.find(id) != nullptr)
    result.push_back(id);
  return result;
}

// -- for admin -----------------------------------------------------------------

connection_list registry_state::list(const user_query& x) const {
  connection_list result;
  for (auto id : residents.connections_of(x.user))
    result.connections.push_back(residents.find(id)->handle);
  return result;
}

connection_list registry_state::list(const connections_query& x) const {
  connection_list result;
  for (auto* resident : residents.page(x.after, x.limit))
    result.connections.push_back(resident->handle);
  return result;
}

registry_stats registry_state::stats() const {
  return {residents.size(), residents.user_count(),
          options.env->limits.max_connections,
          shared ? shared->shard().user_count() : residents.user_count()};
}

report registry_state::inspect(state_query x) const {
  report result{name, self->id(), x.about};
  result.number("connections", residents.size())
    .number("users", residents.user_count())
    .number("monitored", monitored.size())
    .flag("closing", closing.has_value())
    .number("still_to_go", staying.size())
    .link_to(relation::knows, "directory", options.directory);
  for (auto& lane : options.lanes)
    result.link_to(relation::knows, "lane", lane);
  for (auto& [who, connection] : monitored)
    result.link_to(relation::monitors, "connection", who);
  return result;
}

} // namespace parlor
