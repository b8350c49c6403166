// SPDX-License-Identifier: MIT
#include "actors/room.hpp"

#include "messages/wire/encode.hpp"

#include <utility>

// What is said in a room.
namespace parlor {

const membership::member*
room_state::member_or_refuse(connection_id id, const request_id& request) {
  auto* result = members.find(id);
  if (result == nullptr) {
    event::error error{ec::not_in_room, "Not in room", request, {}};
    tell(id, wire::encode(error, dialect::typed), true);
  }
  return result;
}

void room_state::handle_publish(publish& x) {
  auto* sender = member_or_refuse(x.connection, x.id);
  if (sender == nullptr)
    return;
  if (shared)
    return share_publish(x, sender->user);
  std::vector<connection_id> except;
  if (x.exclude_self)
    except.push_back(x.connection);
  // It is served by the last that its sender hears of it.
  auto answered = wire::is_answered(x.id, sender->speaks);
  auto [at, repeated] = say(
    {options.room, sender->user, std::move(x.content), {}, 0}, x.key,
    std::move(except), answered ? connection_id{} : x.connection);
  event::publish_reply reply{x.id, at.seq, at.epoch};
  if (repeated || answered)
    tell(x.connection, wire::encode(reply, sender->speaks), true);
}

room_state::outcome room_state::say(event::chat&& what, const std::string& key,
                                    std::vector<connection_id> except,
                                    connection_id served) {
  if (key.empty())
    return {deliver(std::move(what), std::move(except), served)};
  auto owner = key_owner(what.sender, what.from_api);
  if (auto before = keys.find(owner, key, now()))
    return {*before, true};
  auto at = deliver(std::move(what), std::move(except), served);
  keys.add(owner, key, at, now());
  expire_soon();
  return {at};
}

place room_state::deliver(event::chat&& what, std::vector<connection_id> except,
                          connection_id served) {
  place at{order.epoch(), order.next()};
  what.at = options.env->now();
  what.seq = at.seq;
  tell_chat(at, std::move(what), std::move(except), served);
  return at;
}

void room_state::tell_chat(const place& at, event::chat&& what,
                           std::vector<connection_id> except,
                           connection_id served) {
  auto begun = now();
  auto spoken = members.spoken();
  frames instead;
  if (!except.empty())
    instead = wire::encode(event::skip{options.room, at.seq}, spoken);
  auto said = wire::encode(what, spoken);
  if (!options.canary)
    log.add(at.epoch, std::move(what), said, begun);
  to_lanes({std::move(said), std::move(except), std::move(instead), served,
            false, begun.time_since_epoch()});
  expire_soon();
}

std::vector<connection_id> room_state::excluded(const std::string& who) const {
  auto result = members.connections_of(user_id{who});
  if (auto id = to_connection_id(who); id && members.find(id) != nullptr)
    result.push_back(id);
  return result;
}

void room_state::handle_members(const members_query& x) {
  event::members_reply reply{x.id, options.room, roster()};
  tell(x.connection, wire::encode(reply, dialect_of(x.connection)), true);
}

/// Fleeting: it may be lost, and has no number.
void room_state::handle_signal(signal_message& x) {
  auto* sender = member_or_refuse(x.connection, x.id);
  if (sender == nullptr)
    return;
  event::signal event{options.room, sender->user, std::move(x.name),
                      std::move(x.data)};
  auto answered = wire::is_answered(x.id, sender->speaks);
  tell_signal(event, {x.connection}, answered ? connection_id{} : x.connection);
  if (shared)
    shared->pass_on(event);
  event::done_reply reply{x.id, options.room};
  if (answered)
    tell(x.connection, wire::encode(reply, sender->speaks), true);
}

void room_state::tell_signal(const event::signal& what,
                             std::vector<connection_id> except,
                             connection_id served) {
  to_lanes({wire::encode(what, members.spoken()),
            std::move(except),
            {},
            served,
            true});
}

} // namespace parlor
