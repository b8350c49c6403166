// SPDX-License-Identifier: MIT
#include "messages/placement.hpp"

#include <algorithm>
#include <utility>

namespace parlor {

namespace {

uint64_t fnv1a(std::string_view bytes) noexcept {
  uint64_t result = 0xCBF29CE484222325u;
  for (auto byte : bytes) {
    result ^= static_cast<unsigned char>(byte);
    result *= 0x100000001B3u;
  }
  return result;
}

uint64_t mix(uint64_t x) noexcept {
  x ^= x >> 33;
  x *= 0xFF51AFD7ED558CCDu;
  x ^= x >> 33;
  x *= 0xC4CEB9FE1A85EC53u;
  x ^= x >> 33;
  return x;
}

} // namespace

uint64_t weight(std::string_view node, std::string_view name) noexcept {
  return mix(fnv1a(name) ^ mix(fnv1a(node)));
}

placement::placement(const view& of) {
  auto active = [](const member& x) { return x.state == member_state::active; };
  auto some_stay = std::any_of(of.members.begin(), of.members.end(), active);
  for (const auto& x : of.members)
    if (!some_stay || active(x))
      candidates_.push_back({x.id, mix(fnv1a(x.id.str()))});
}

seats placement::of(std::string_view name) const noexcept {
  seats result;
  uint64_t best = 0;
  uint64_t second = 0;
  auto hash = fnv1a(name);
  for (const auto& x : candidates_) {
    auto wants = mix(hash ^ x.seed);
    if (!result.home || wants > best) {
      result.standby = std::exchange(result.home, &x.id);
      second = std::exchange(best, wants);
    } else if (!result.standby || wants > second) {
      result.standby = &x.id;
      second = wants;
    }
  }
  return result;
}

std::vector<node_id> placement::order(std::string_view name) const {
  std::vector<std::pair<uint64_t, const node_id*>> all;
  auto hash = fnv1a(name);
  for (const auto& x : candidates_)
    all.emplace_back(mix(hash ^ x.seed), &x.id);
  std::stable_sort(all.begin(), all.end(), [](const auto& x, const auto& y) {
    return x.first > y.first;
  });
  std::vector<node_id> result;
  for (const auto& [wants, id] : all)
    result.push_back(*id);
  return result;
}

} // namespace parlor
