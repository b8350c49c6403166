// SPDX-License-Identifier: MIT
#include "transport/origin.hpp"

#include <algorithm>
#include <optional>

namespace parlor::transport {

namespace {

struct authority {
  std::string_view name;
  /// Empty where none is written.
  std::string_view port;
};

bool is_digits(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return c >= '0' && c <= '9'; });
}

/// Takes `name:port` or `[address]:port` apart.
std::optional<authority> split_host(std::string_view host) {
  auto end = host.starts_with('[') ? host.find(']') : host.find(':');
  if (host.starts_with('[')) {
    if (end == host.npos)
      return std::nullopt;
    ++end;
  }
  authority result{host.substr(0, end), {}};
  if (end < host.size()) {
    if (host[end] != ':')
      return std::nullopt;
    result.port = host.substr(end + 1);
    if (result.port.empty())
      return std::nullopt;
  }
  if (result.name.empty() || !is_digits(result.port))
    return std::nullopt;
  return result;
}

std::optional<std::string_view> default_port(std::string_view scheme) {
  if (same_text(scheme, "http"))
    return "80";
  if (same_text(scheme, "https"))
    return "443";
  return std::nullopt;
}

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
  auto ours = split_host(host);
  auto theirs = split_host(origin.substr(colon + 3));
  if (!standard || !ours || !theirs)
    return false;
  auto port_of = [&](const authority& x) {
    return x.port.empty() ? *standard : x.port;
  };
  return same_text(ours->name, theirs->name)
         && port_of(*ours) == port_of(*theirs);
}

bool origin_allowed(const request_head& head,
                    const std::vector<std::string>& allowed) {
  auto origin = head.find("Origin");
  if (!origin
      || std::find(allowed.begin(), allowed.end(), "*") != allowed.end())
    return true;
  if (head.count("Origin") > 1)
    return false;
  if (allowed.empty())
    return same_origin(*origin, head.find("Host").value_or(""));
  return std::find(allowed.begin(), allowed.end(), *origin) != allowed.end();
}

bool loopback_host(std::string_view host) {
  auto parts = split_host(host);
  return parts
         && (same_text(parts->name, "localhost") || parts->name == "[::1]"
             || loopback_v4(parts->name));
}

} // namespace parlor::transport
