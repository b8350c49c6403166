// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace parlor::cluster {

/// Where a process listens.
struct address {
  /// A name or an address; an IPv6 address without brackets.
  std::string host;
  uint16_t port = 0;

  friend bool operator==(const address&, const address&) = default;
};

/// Reads "host:port" or "[address]:port"; none where it is something else, or
/// the port is 0. Names are not looked up.
std::optional<address> parse_address(std::string_view text);

std::string to_string(const address& x);

} // namespace parlor::cluster
