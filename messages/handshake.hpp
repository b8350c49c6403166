// SPDX-License-Identifier: MIT
#pragma once

#include "messages/dialect.hpp"
#include "messages/ids.hpp"

#include <chrono>
#include <string>
#include <vector>

namespace parlor {

/// What is known of a connection once its upgrade was accepted.
struct handshake {
  connection_id id;
  user_id user;
  dialect speaks = dialect::typed;
  /// The rooms of `?room=`, to join at once.
  std::vector<room_name> rooms;
  std::string ip;
  /// The User-Agent; empty where there was none.
  std::string client;
  std::chrono::system_clock::time_point connected_at;
};

} // namespace parlor
