// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace parlor::bench::limit {

struct room;

/// One connection. Small on purpose: it is the floor for idle memory.
struct client {
  int fd;
  /// Upgraded.
  bool open = false;
  /// Input of which bytes are missing.
  std::string partial;
  /// Output that the kernel did not take.
  std::string unsent;
  std::string user;
  room* joined = nullptr;
  /// Its place in the room's members.
  uint32_t seat = 0;
};

/// Sends, or appends to what is unsent. An error shows up in epoll.
void put(int epoll, client& c, std::string_view bytes);

/// Sends what is unsent.
void put_rest(int epoll, client& c);

} // namespace parlor::bench::limit
