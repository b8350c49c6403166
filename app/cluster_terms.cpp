// SPDX-License-Identifier: MIT
#include "app/cluster_terms.hpp"

#include "app/ini.hpp"
#include "app/options.hpp"

#include <algorithm>
#include <chrono>
#include <map>
#include <string>
#include <string_view>

namespace parlor {

namespace {

using etcd::agreement;

const std::map<std::string_view, agreement> compared{
  // What a home confirms its standby keeps, too.
  {"history.size", agreement::both_or_none},
  {"history.ttl", agreement::both_or_none},
  {"history.room-bytes", agreement::both_or_none},
  // Whom one node lets in the others believe.
  {"auth.algorithm", agreement::both_or_none},
  {"api.sender", agreement::same},
  {"auth.issuer", agreement::told},
  {"auth.audience", agreement::told},
  // What the home of a room or of a user decides for clients of all nodes.
  {"limits.max-connections-per-user", agreement::told},
  {"limits.per-user-policy", agreement::told},
  {"limits.members-per-room", agreement::told},
  {"limits.members-announced", agreement::told},
  // What a client that comes back to another node relies on.
  {"limits.members-listed", agreement::told},
  {"limits.rooms-per-connection", agreement::told},
  {"limits.message-bytes", agreement::told},
  {"limits.json-depth", agreement::told},
  {"presence.grace", agreement::told},
};

/// A number, or the text without quotes. Earlier versions understand numbers alone.
etcd::term_value value_of(const option& row) {
  auto text = row.value();
  if (text.starts_with('"'))
    return parse_ini_value(text)->text;
  if (std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; }))
    return uint64_t{std::stoull(text)};
  return text;
}

} // namespace

etcd::terms terms_of(const settings& x) {
  using std::chrono::milliseconds;
  auto copy = x;
  configuration all{copy};
  etcd::terms result;
  for (const auto& row : all.all())
    if (auto wanted = compared.find(row.key); wanted != compared.end())
      result[row.key] = {value_of(row), wanted->second};
  // In milliseconds, as earlier versions have it.
  auto ttl = std::chrono::duration_cast<milliseconds>(x.limits.history_ttl);
  result["history.ttl"].value = static_cast<uint64_t>(ttl.count());
  return result;
}

} // namespace parlor
