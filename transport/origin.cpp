// SPDX-License-Identifier: MIT
#include "transport/origin.hpp"

#include "transport/authority.hpp"

#include <algorithm>
#include <optional>

namespace parlor::transport {

namespace {

/// Four groups of digits that begin with 127.
bool loopback_v4(std::string_view name) {
  if (!name.starts_with("127."))
    return false;
  auto groups = 0;
  for (;; ++groups) {
    auto dot = name.find('.');
    auto group = name.substr(0, dot);
    if (group.empty() || group.size() > 3 || !is_digits(group))
      return false;
    if (dot == name.npos)
      return groups == 3;
    name.remove_prefix(dot + 1);
  }
}

} // namespace

bool same_origin(std::string_view origin, std::string_view host) {
  auto colon = origin.find("://");
  if (colon == origin.npos)
    return false;
  auto standard = default_port(origin.substr(0, colon));
  auto ours = split_authority(host);
  auto theirs = split_authority(origin.substr(colon + 3));
  if (!standard || !ours || !theirs)
    return false;
  auto port_of = [&](const authority& x) {
    return x.port.empty() ? *standard : x.port;
  };
  return same_text(ours->name, theirs->name)
         && port_of(*ours) == port_of(*theirs);
}

bool origin_allowed(const request_head& head,
                    const std::vector<origin_pattern>& allowed) {
  auto origin = head.find("Origin");
  if (!origin || std::any_of(allowed.begin(), allowed.end(), [](auto& x) {
        return x.matches_all();
      }))
    return true;
  if (head.count("Origin") > 1)
    return false;
  if (allowed.empty())
    return same_origin(*origin, head.find("Host").value_or(""));
  return std::any_of(allowed.begin(), allowed.end(),
                     [&](auto& x) { return x.matches(*origin); });
}

bool loopback_host(std::string_view host) {
  auto parts = split_authority(host);
  return parts
         && (same_text(parts->name, "localhost") || parts->name == "[::1]"
             || loopback_v4(parts->name));
}

} // namespace parlor::transport
