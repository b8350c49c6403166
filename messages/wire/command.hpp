// SPDX-License-Identifier: MIT
#pragma once

#include "messages/error.hpp"
#include "messages/ids.hpp"

#include <string>
#include <variant>

/// What clients ask for (PROTOCOL §2), as values: what `wire::decode` makes of
/// their frames. Every name in one has been checked.
namespace parlor::wire {

struct join_command {
  room_name room;
};

struct leave_command {
  room_name room;
};

struct publish_command {
  room_name room;
  /// Any JSON value, as it was sent.
  std::string content;
  bool exclude_self = false;
};

struct private_command {
  user_id to;
  /// Any JSON value, as it was sent.
  std::string content;
};

struct members_command {
  room_name room;
};

struct rooms_command {};

struct ping_command {};

using command
  = std::variant<join_command, leave_command, publish_command, private_command,
                 members_command, rooms_command, ping_command>;

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
