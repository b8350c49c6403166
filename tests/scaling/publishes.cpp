// SPDX-License-Identifier: MIT
#include "tests/scaling/publishes.hpp"

#include <algorithm>
#include <stdexcept>

namespace parlor::scaling {

namespace {

const std::string content = '"' + std::string(98, 'x') + '"';

/// Forgets what all clients were told.
void clear(counted_cluster& in) {
  for (auto& x : in.nodes)
    x.sockets.sent.clear();
}

size_t confirmations_at(counted_cluster& in, size_t which) {
  auto texts = in.nodes[which].sockets.take(in.client_at(which).id);
  auto confirms = [](auto& x) { return x.starts_with(R"({"type":"reply")"); };
  return static_cast<size_t>(std::ranges::count_if(texts, confirms));
}

} // namespace

std::vector<std::string> names(const std::string& prefix, size_t count) {
  std::vector<std::string> result;
  for (size_t i = 0; i < count; ++i)
    result.push_back(prefix + std::to_string(i));
  return result;
}

publish_cost speak(counted_cluster& in, const std::vector<std::string>& rooms,
                   size_t spread, size_t in_flight) {
  clear(in);
  auto sent = in.sent();
  auto used = in.used();
  for (auto& room : rooms) {
    auto at = in.crowd_of(room, spread).front();
    for (size_t i = 0; i < in_flight; ++i)
      in.say_soon(in.client_at(at),
                  counted_cluster::chat_of(room, content, R"(,"id":1)"));
    in.flow(0);
    if (confirmations_at(in, at) != in_flight)
      throw std::runtime_error{"messages to " + room + " are not confirmed"};
  }
  return {rooms.size() * in_flight, in.sent() - sent, in.used() - used};
}

} // namespace parlor::scaling
