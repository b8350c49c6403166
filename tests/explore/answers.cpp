// SPDX-License-Identifier: MIT
#include "tests/explore/checks.hpp"

#include <string>

namespace parlor::explore {

namespace {

/// How often a client was answered, by reply or error, over all that spoke to
/// it.
size_t answers(const sockets::socket& x, size_t request) {
  auto id = R"("id":)" + std::to_string(request);
  size_t result = 0;
  for (auto& [from, heard] : x.heard)
    for (auto& one : heard) {
      auto at = one.text().find(id);
      if (at == std::string_view::npos)
        continue;
      auto behind = one.text()[at + id.size()];
      result += behind == ',' || behind == '}';
    }
  return result;
}

/// What came before the end is served. A join alone is not waited for; and where
/// time passes it may be that nothing is.
bool must_be_served(const world& x, const step& what) {
  if (what.what == verb::joins || x.crashed)
    return false;
  for (auto& group : x.script->together)
    for (auto& one : group)
      if (one.what == verb::passes)
        return false;
  return true;
}

void check_client(const world& x, const client& who) {
  auto& socket = x.socket_of(who);
  auto must = x.lives(who) && !x.crashed;
  if (must && !socket.admitted && !socket.closed && who.handle)
    throw violation{who.name + " was neither let in nor sent away"};
  for (auto& [request, what] : who.asked) {
    auto count = answers(socket, request);
    if (count > 1)
      throw violation{who.name + " was answered twice: " + what.text};
    auto owed = must || must_be_served(x, what);
    if (owed && !socket.forgiven && count == 0 && who.speaks != dialect::text)
      throw violation{who.name + " was not answered: " + what.text};
  }
  if (must && !socket.forgiven && socket.served != who.asked.size())
    throw violation{who.name + " was served " + std::to_string(socket.served)
                    + " of " + std::to_string(who.asked.size()) + " messages"};
}

} // namespace

void check_answers(const world& x) {
  for (auto& [name, who] : x.clients)
    check_client(x, who);
  for (auto& one : x.calls)
    if (one.answers != 1)
      throw violation{"HTTP was answered " + std::to_string(one.answers)
                      + " times: " + one.what.text};
  for (size_t i = 0; i < world::threads; ++i)
    if (x.announcements(i) != x.broadcasts)
      throw violation{"a broadcast did not reach every thread once"};
}

} // namespace parlor::explore
