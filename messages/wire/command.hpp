// SPDX-License-Identifier: MIT
#pragma once

#include "messages/error.hpp"
#include "messages/ids.hpp"
#include "messages/recovery.hpp"

#include <cstdint>
#include <string>
#include <variant>

/// What clients ask for (PROTOCOL §2), as values: what `wire::decode` makes of
/// their frames. Every name in one has been checked.
namespace parlor::wire {

struct join_command {
  room_name room;
  join_wishes wants;
};

struct leave_command {
  room_name room;
};

struct publish_command {
  room_name room;
  /// Any JSON value, as it was sent.
  std::string content;
  bool exclude_self = false;
  /// Empty where the message is not meant to be idempotent.
  std::string key;
};

struct private_command {
  user_id to;
  /// Any JSON value, as it was sent.
  std::string content;
};

struct members_command {
  room_name room;
};

struct signal_command {
  room_name room;
  std::string name;
  /// Any JSON value, as it was sent.
  std::string data;
};

struct presence_command {
  room_name room;
  /// Any JSON value, as it was sent.
  std::string data;
};

struct history_command {
  room_name room;
  /// Chats below this number.
  uint64_t before = 0;
  uint64_t limit = 0;
};

/// Says who one is, where the upgrade did not.
struct hello_command {
  std::string token;
};

/// Takes the place of the token so far.
struct refresh_command {
  std::string token;
};

struct rooms_command {};

struct ping_command {};

using command = std::variant<join_command, leave_command, publish_command,
                             private_command, members_command, signal_command,
                             presence_command, history_command, hello_command,
                             refresh_command, rooms_command, ping_command>;

/// A frame that was understood.
struct request {
  request_id id;
  command what;
};

/// A frame that was not: what the client is told.
struct rejection {
  ec code = ec::bad_request;
  std::string message;
  /// Of the frame, as far as it had a right one.
  request_id id;
};

using decoded = std::variant<request, rejection>;

} // namespace parlor::wire
