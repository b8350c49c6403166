// SPDX-License-Identifier: MIT
#include "cluster/etcd/history.hpp"

#include <algorithm>
#include <charconv>
#include <map>

namespace parlor::etcd {

namespace {

/// What is more is no offset, so that no sum of revisions wraps.
constexpr uint64_t most = uint64_t{1} << 62;

constexpr uint64_t gap = 1'000'000;

} // namespace

history read_history(const std::vector<entry>& from, std::string_view key) {
  auto found = std::ranges::find(from, key, &entry::key);
  if (found == from.end())
    return {};
  auto& text = found->value;
  auto end = text.data() + text.size();
  uint64_t result = 0;
  auto [at, error] = std::from_chars(text.data(), end, result);
  auto good = error == std::errc{} && at == end && result <= most;
  return {good ? result : 0, found->changed};
}

uint64_t offset_above(uint64_t known, uint64_t revision) {
  auto wanted = known + gap;
  return wanted > revision ? wanted - revision : 0;
}

std::optional<std::string>
chosen_cluster(const std::vector<std::string>& of_endpoints) {
  std::map<std::string, size_t> votes;
  for (const auto& one : of_endpoints)
    if (!one.empty())
      ++votes[one];
  if (votes.empty())
    return std::string{};
  auto most_voted = std::ranges::max_element(
    votes, {}, [](const auto& x) { return x.second; });
  if (votes.size() == 1 || 2 * most_voted->second > of_endpoints.size())
    return most_voted->first;
  return std::nullopt;
}

} // namespace parlor::etcd
