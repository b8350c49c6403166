// SPDX-License-Identifier: MIT
#pragma once

#include "cluster/address.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace parlor::etcd {

/// Where one member of etcd serves clients.
struct endpoint {
  bool tls = false;
  cluster::address at;

  friend bool operator==(const endpoint&, const endpoint&) = default;
};

/// Reads "http://host:port" or "https://host:port". None where it is something
/// else: there is no user and no path in it.
std::optional<endpoint> parse_endpoint(std::string_view text);

std::string to_string(const endpoint& x);

} // namespace parlor::etcd
