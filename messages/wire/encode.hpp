// SPDX-License-Identifier: MIT
#pragma once

#include "messages/dialect.hpp"
#include "messages/events.hpp"
#include "messages/frame.hpp"
#include "messages/ids.hpp"
#include "messages/token.hpp"

#include <map>
#include <string_view>
#include <vector>

namespace parlor::wire {

/// Each writes one event as one dialect has it (PROTOCOL §3). The frame is empty
/// where the dialect says nothing of it, and for a reply to no id. Pure.
frame encode(const event::connected& x, dialect to);
frame encode(const event::chat& x, dialect to);
frame encode(const event::joined& x, dialect to);
frame encode(const event::left& x, dialect to);
frame encode(const event::private_message& x, dialect to);
frame encode(const event::system_notice& x, dialect to);
frame encode(const event::skip& x, dialect to);
frame encode(const event::room_reset& x, dialect to);
frame encode(const event::members_count& x, dialect to);
frame encode(const event::signal& x, dialect to);
frame encode(const event::presence_state& x, dialect to);
frame encode(const event::presence_diff& x, dialect to);
frame encode(const event::closing& x, dialect to);
frame encode(const event::error& x, dialect to);
frame encode(const event::pong& x, dialect to);
frame encode(const event::token_expiring& x, dialect to);
frame encode(const event::join_reply& x, dialect to);
frame encode(const event::done_reply& x, dialect to);
frame encode(const event::token_reply& x, dialect to);
frame encode(const event::publish_reply& x, dialect to);
frame encode(const event::private_reply& x, dialect to);
frame encode(const event::members_reply& x, dialect to);
frame encode(const event::rooms_reply& x, dialect to);
frame encode(const event::history_reply& x, dialect to);

/// Whether a request of this id has a reply in this dialect.
bool is_answered(const request_id& id, dialect to) noexcept;

/// The names of rooms as a list.
event::raw_json list_of(const std::vector<room_name>& rooms);

/// The names of users of whom something is counted, without the counts.
event::raw_json list_of_users(const std::map<user_id, size_t>& users);

/// What is left of such a list for somebody who may know of these rooms alone.
event::raw_json allowed_of(std::string_view list, const permissions& may);

/// Writes an event once for each dialect that is in use.
template <class Event>
frames encode(const Event& x, dialect_set in_use) {
  frames result;
  for (auto to : all_dialects)
    if (in_use.contains(to))
      result[to] = encode(x, to);
  return result;
}

} // namespace parlor::wire
