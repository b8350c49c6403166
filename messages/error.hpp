// SPDX-License-Identifier: MIT
#pragma once

#include "messages/ids.hpp"

#include <caf/atom.hpp>
#include <caf/error.hpp>

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace parlor {

/// What can go wrong with a request; the names are the `code` of an `error`
/// frame and of an HTTP problem (PROTOCOL §4).
enum class ec : uint8_t {
  none,
  bad_json,
  bad_request,
  unknown_type,
  unauthorized,
  forbidden,
  not_in_room,
  user_offline,
  room_full,
  limit_exceeded,
  rate_limited,
  too_large,
  timeout,
  unavailable,
  internal,
};

std::string_view to_string(ec x) noexcept;

/// For CAF: an actor may answer a request with an `ec`. What is none of ours
/// (a time-out, a dead receiver) is `unavailable`.
caf::error make_error(ec x);
ec to_ec(const caf::error& x) noexcept;

/// Whether the same request may succeed later.
bool retryable(ec x) noexcept;

/// The WebSocket close codes of PROTOCOL §4.
enum class close_code : uint16_t {
  normal = 1000,
  going_away = 1001,
  protocol_error = 1002,
  unsupported_data = 1003,
  no_status = 1005,
  abnormal = 1006,
  bad_payload = 1007,
  policy_violation = 1008,
  too_big = 1009,
  internal_error = 1011,
  service_restart = 1012,
  try_again_later = 1013,
  replaced = 4000,
  unauthorized = 4001,
  token_expired = 4002,
  at_capacity = 4003,
  kicked = 4004,
  rate_limited = 4006,
  slow_consumer = 4008,
  no_hello = 4009,
};

/// Whether a client that was closed so should connect again (PROTOCOL §4).
bool reconnects(close_code x) noexcept;

/// After how long a client that may come back should, where nobody has a better
/// reason: 0.5 to 1.5 s, so that those who are sent away at the same moment do
/// not come back at the same moment. The same for the same connection.
std::chrono::milliseconds return_of(connection_id who) noexcept;

/// Why a user left a room: the `reason` of `user_left`.
enum class departure : uint8_t { left, closed, timeout, node_down, kicked };

std::string_view to_string(departure x) noexcept;

/// How a connection ended. It is the exit reason of the connection's actor, so
/// that everyone who monitors it learns the same.
struct farewell {
  close_code code = close_code::abnormal;
  std::string reason;
  departure why = departure::closed;
};

/// The seeds' verdict on a close (S1), for the log.
std::string_view verdict(close_code x) noexcept;

/// Packs a farewell into an actor's exit reason, and back. An exit reason
/// that is not one of ours (a crash) is 1011 "internal error".
caf::error make_exit(const farewell& x);
farewell to_farewell(const caf::error& reason);

} // namespace parlor
