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

/// What an IP address stands for.
enum class address_kind : uint8_t {
  /// It is no IP address.
  none,
  machine,
  /// 0.0.0.0, ::
  unspecified,
  /// Multicast, broadcast.
  group,
  /// fe80::/10: of no use without the interface.
  link_local,
};

/// IPv4 in IPv6 (::ffff:10.0.0.1) is what that IPv4 address is.
address_kind kind_of(const std::string& text);

/// Whether one machine may be found there, by an IP address or a name.
bool is_reachable(const std::string& host);

/// IP addresses in the one form that all their spellings share; names as they are.
std::string canonical(const std::string& host);

} // namespace parlor::cluster
