// SPDX-License-Identifier: MIT
#pragma once

#include "transport/request_head.hpp"

#include <boost/asio/ip/address.hpp>

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace parlor::transport {

/// A range of IP addresses, or a single one.
class network {
public:
  /// "10.0.0.0/8", "2001:db8::/32", "127.0.0.1".
  static std::optional<network> parse(std::string_view text);

  bool contains(const boost::asio::ip::address& x) const;

private:
  /// IPv4 is mapped into IPv6.
  using bytes = std::array<unsigned char, 16>;

  static bytes bytes_of(const boost::asio::ip::address& x);

  bytes first_{};
  unsigned prefix_bits_ = 0;
};

/// Who asks, as far as it can be believed: the peer itself, or where that is a
/// proxy of ours whom it names last in X-Forwarded-For, and so on as long as that
/// is one, too. What clients write there themselves is further to the left.
boost::asio::ip::address client_address(const request_head& head,
                                        const boost::asio::ip::address& peer,
                                        std::span<const network> proxies);

} // namespace parlor::transport
