// SPDX-License-Identifier: MIT
#pragma once

#include "tests/explore/world.hpp"

#include <string>

namespace parlor::explore {

/// Everything that anybody could see of a run: what each client was sent by
/// whom and how it ended, and which rooms there are. Two runs that differ only
/// in the order of things that have no order have the same.
inline std::string digest(const world& x) {
  std::map<std::string, std::string> lines;
  for (auto& [name, who] : x.clients) {
    auto& socket = x.socket_of(who);
    for (auto& [from, heard] : socket.heard)
      for (auto& one : heard)
        lines[name + " < " + x.actors[from].name] += one.text();
    lines[name] = std::to_string(socket.served) + (socket.closed ? "c" : "")
                  + std::to_string(int(socket.code))
                  + (x.lives(who) ? "alive" : "dead");
  }
  for (size_t i = 0; i < x.calls.size(); ++i)
    lines["call " + x.calls[i].what.text]
      += std::to_string(x.calls[i].count) + "/"
         + std::to_string(x.calls[i].receipt.seq)
         + to_string(x.calls[i].receipt.epoch);
  if (auto* directory = x.directory())
    for (auto& [name, entry] : directory->rooms)
      lines[name.str() + " " + to_string(entry.epoch)] = entry.occupied
                                                           ? "occupied"
                                                           : "empty";
  std::string result;
  for (auto& [key, text] : lines)
    result += key + ": " + text + "\n";
  return result;
}

} // namespace parlor::explore
