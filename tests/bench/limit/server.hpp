// SPDX-License-Identifier: MIT
#pragma once

#include "tests/bench/limit/client.hpp"
#include "tests/bench/limit/hub.hpp"

#include <sys/epoll.h>

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

namespace parlor::bench::limit {

/// Sockets and their loop, on one thread.
class server {
public:
  /// Listens on 127.0.0.1. Throws std::system_error.
  server(uint16_t port, hub::mode how);

  /// Never returns.
  [[noreturn]] void run();

private:
  void accept_some();
  void handle(const epoll_event& event);
  void readable(client& c);
  /// Answers the upgrade request in [at, end): the first byte behind it, null
  /// where it is incomplete or none.
  char* upgrade(client& c, char* at, const char* end);
  void frames(client& c, char* at, const char* end);
  void drop(client& c);

  int listener_;
  int epoll_;
  hub hub_;
  std::vector<char> buffer_;
  /// Dropped in this turn, of which events may still be to come.
  std::vector<std::unique_ptr<client>> dropped_;
};

} // namespace parlor::bench::limit
