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
  /// Nobody has said who it is: the name was made up.
  bool anonymous = false;
  /// What it showed to say who it is, where the service wants that; empty where
  /// it showed nothing.
  std::string token;
  dialect speaks = dialect::typed;
  /// The rooms of `?room=`, to join at once.
  std::vector<room_name> rooms;
  std::string ip;
  /// The User-Agent; empty where there was none.
  std::string client;
  std::chrono::system_clock::time_point connected_at;
};

} // namespace parlor
