// SPDX-License-Identifier: MIT
#pragma once

#include "tests/bench/limit/client.hpp"

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace parlor::bench::limit {

struct room {
  std::string name;
  std::vector<client*> members;
  /// Frames of this loop turn.
  std::string batch;
};

/// Rooms, users and who gets what. JSON handling is string search; nothing is
/// validated.
class hub {
public:
  enum class mode {
    /// One send() per delivery.
    direct,
    /// All frames of a loop turn in one buffer, one send() per member.
    coalesce,
  };

  hub(int epoll, mode how);

  /// A message of a client: join, msg or dm.
  void handle(client& c, std::string_view json);

  /// The end of a loop turn.
  void flush();

  void leave(client& c);

private:
  void join(client& c, std::string_view json);
  void publish(client& c, std::string_view json);
  void send_private(client& c, std::string_view json);

  int epoll_;
  mode how_;
  std::unordered_map<std::string, room> rooms_;
  std::unordered_map<std::string, client*> users_;
  /// Rooms with a batch.
  std::vector<room*> dirty_;
};

} // namespace parlor::bench::limit
