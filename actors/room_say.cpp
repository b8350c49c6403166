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
  auto [at, repeated] = say(sender->user, x.key, std::move(x.content),
                            std::move(except), x.connection);
  event::publish_reply reply{x.id, at.seq, at.epoch};
  // What is delivered is served by its delivery.
  if (auto text = wire::encode(reply, sender->speaks);
      repeated || !text.empty())
    tell(x.connection, std::move(text), repeated);
}

room_state::outcome room_state::say(const user_id& sender,
                                    const std::string& key,
                                    std::string&& content,
                                    std::vector<connection_id> except,
                                    connection_id from) {
  if (key.empty())
    return {deliver(sender, std::move(content), std::move(except), from)};
  if (auto before = keys.find(sender, key, now()))
    return {*before, true};
  auto at = deliver(sender, std::move(content), std::move(except), from);
  keys.add(sender, key, at, now());
  expire_soon();
  return {at};
}

place room_state::deliver(const user_id& sender, std::string&& content,
                          std::vector<connection_id> except,
                          connection_id from) {
  place at{order.epoch(), order.next()};
  tell_chat(
    at, {options.room, sender, std::move(content), options.env->now(), at.seq},
    std::move(except), from);
  return at;
}

void room_state::tell_chat(const place& at, event::chat&& what,
                           std::vector<connection_id> except,
                           connection_id from) {
  auto begun = now();
  auto spoken = members.spoken();
  frames instead;
  if (!except.empty())
    instead = wire::encode(event::skip{options.room, at.seq}, spoken);
  auto said = wire::encode(what, spoken);
  if (!options.canary)
    log.add(at.epoch, std::move(what), said, begun);
  to_lanes({std::move(said), std::move(except), std::move(instead), from, false,
            begun.time_since_epoch()});
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
  tell_signal(event, x.connection);
  if (shared)
    shared->pass_on(event);
  event::done_reply reply{x.id, options.room};
  if (auto text = wire::encode(reply, sender->speaks); !text.empty())
    tell(x.connection, std::move(text), false);
}

void room_state::tell_signal(const event::signal& what, connection_id from) {
  std::vector<connection_id> except;
  if (from)
    except.push_back(from);
  to_lanes(
    {wire::encode(what, members.spoken()), std::move(except), {}, from, true});
}

} // namespace parlor
