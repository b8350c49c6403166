// SPDX-License-Identifier: MIT
#pragma once

#include "messages/error.hpp"
#include "messages/frame.hpp"
#include "messages/ids.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

/// What the server tells clients (PROTOCOL §3), as values. `wire::encode` turns
/// them into frames; actors never see JSON.
namespace parlor::event {

using timestamp = std::chrono::system_clock::time_point;

/// Any JSON value as its raw text, known to be valid.
using raw_json = std::string;

/// Who is in a room: the sorted, distinct users as a list, or their number alone
/// where they are more than `limits.members-listed`. Copies share the list.
struct roster {
  size_t count = 0;
  std::shared_ptr<const raw_json> users;
};

/// What the connections of some users say of themselves: by user, then by
/// connection.
using presences = std::map<user_id, std::map<connection_id, raw_json>>;

struct connected {
  user_id user;
  /// A list of names.
  raw_json rooms;
  connection_id connection;
  std::string node;
  std::chrono::milliseconds ping{0};
  /// The limits that a client can run into.
  size_t message_bytes = 0;
  size_t rooms_per_connection = 0;
  uint32_t messages_per_second = 0;
  uint32_t message_burst = 0;
  size_t json_depth = 0;
};

struct chat {
  room_name room;
  user_id sender;
  raw_json content;
  timestamp at;
  uint64_t seq = 0;
  /// Whether it is the HTTP API's, whoever that speaks as.
  bool from_api = false;
};

struct joined {
  room_name room;
  user_id user;
  /// None where it is replayed.
  std::optional<roster> members;
  uint64_t seq = 0;
};

struct left {
  room_name room;
  user_id user;
  departure reason = departure::left;
  uint64_t seq = 0;
};

struct private_message {
  user_id to;
  user_id sender;
  raw_json content;
  timestamp at;
  /// Whether it is the HTTP API's.
  bool from_api = false;
};

struct system_notice {
  raw_json content;
  timestamp at;
};

/// Stands for the message `seq` for one who was left out of it.
struct skip {
  room_name room;
  uint64_t seq = 0;
};

/// A room was opened anew: its members go on in it, from here.
struct room_reset {
  room_name room;
  parlor::epoch epoch;
  uint64_t seq = 0;
  /// Whether another node took over; otherwise it has failed.
  bool failover = false;
};

/// In place of joined and left in very large rooms.
struct members_count {
  room_name room;
  size_t count = 0;
};

/// What a member tells the others in passing.
struct signal {
  room_name room;
  user_id user;
  std::string name;
  raw_json data;
};

/// The presence of all members, or the number of users who have one where they
/// are more than `limits.members-listed`.
struct presence_state {
  room_name room;
  size_t count = 0;
  std::optional<presences> state;
};

/// What has changed of it: `joins` is new or has other data than before,
/// `leaves` is gone, with its last data.
struct presence_diff {
  struct change {
    presences joins;
    presences leaves;
  };

  room_name room;
  size_t count = 0;
  std::optional<change> changed;
};

/// Comes before a close by the server. Whether to reconnect follows from the
/// code.
struct closing {
  close_code code = close_code::normal;
  std::string reason;
  std::optional<std::chrono::milliseconds> retry_after;
};

struct error {
  ec code = ec::internal;
  std::string message;
  request_id id;
  std::optional<std::chrono::milliseconds> retry_after;
  /// Which one it is about, where no `id` says that.
  room_name room = {};
};

struct pong {
  request_id id;
};

/// The token will not hold much longer: one that holds is wanted.
struct token_expiring {
  std::chrono::milliseconds in{0};
};

// Replies: encoded to nothing where the request had no id.

struct join_reply {
  request_id id;
  room_name room;
  parlor::epoch epoch;
  uint64_t seq = 0;
  roster members;
  bool recovered = false;
  size_t replayed = 0;
};

/// To what is done and has nothing to tell: leave, signal, presence.
struct done_reply {
  request_id id;
  room_name room;
};

/// To a token that is good.
struct token_reply {
  request_id id;
  user_id user;
  /// None where it does not expire.
  std::optional<std::chrono::milliseconds> expires;
};

struct publish_reply {
  request_id id;
  uint64_t seq = 0;
  parlor::epoch epoch;
};

struct private_reply {
  request_id id;
  size_t delivered = 0;
};

struct members_reply {
  request_id id;
  room_name room;
  roster members;
};

struct rooms_reply {
  request_id id;
  std::vector<room_name> rooms;
};

struct history_reply {
  request_id id;
  room_name room;
  /// Chats as the asker's dialect has them, oldest first.
  std::vector<frame> messages;
};

} // namespace parlor::event
