// SPDX-License-Identifier: MIT
#include "tests/scaling/changes.hpp"

#include "messages/placement.hpp"

#include <stdexcept>
#include <utility>

namespace parlor::scaling {

namespace {

using places = std::vector<std::pair<node_id, node_id>>;

places places_of(counted_cluster& in, const std::vector<std::string>& rooms) {
  placement where{in.members()};
  places result;
  for (auto& room : rooms) {
    auto at = where.of(room);
    result.emplace_back(*at.home, at.standby ? *at.standby : node_id{});
  }
  return result;
}

} // namespace

change_cost change(counted_cluster& in, const std::vector<std::string>& rooms,
                   const std::function<void()>& happen) {
  auto before = places_of(in, rooms);
  auto sent = in.sent();
  auto used = in.used();
  happen();
  change_cost result;
  result.cpu = in.used() - used;
  result.sent = in.sent() - sent;
  auto after = places_of(in, rooms);
  for (size_t i = 0; i < rooms.size(); ++i) {
    result.homes += before[i].first != after[i].first;
    result.standbys += before[i].second != after[i].second;
  }
  return result;
}

std::chrono::nanoseconds cost_of_placing(size_t nodes) {
  constexpr size_t times = 200'000;
  view all;
  for (size_t i = 0; i < nodes; ++i)
    all.members.push_back({node_id{"node-" + std::to_string(1000 + i)},
                           incarnation{i + 1}, "", 1, member_state::active});
  placement where{all};
  std::vector<std::string> rooms;
  for (size_t i = 0; i < 1000; ++i)
    rooms.push_back("room-" + std::to_string(i));
  auto begin = cpu_time();
  size_t placed = 0;
  for (size_t i = 0; i < times; ++i)
    placed += where.of(rooms[i % rooms.size()]).home != nullptr;
  if (placed != times)
    throw std::runtime_error{"a room has no place"};
  return (cpu_time() - begin) / times;
}

} // namespace parlor::scaling
