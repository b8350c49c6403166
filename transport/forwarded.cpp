// SPDX-License-Identifier: MIT
#include "transport/forwarded.hpp"

#include <algorithm>
#include <charconv>
#include <string>

namespace parlor::transport {

namespace ip = boost::asio::ip;

namespace {

constexpr unsigned v4_bits = 32;
constexpr unsigned v6_bits = 128;

std::optional<ip::address> address_of(std::string_view text) {
  boost::system::error_code err;
  auto result = ip::make_address(std::string{text}, err);
  if (err)
    return std::nullopt;
  if (result.is_v6() && result.to_v6().is_v4_mapped())
    return ip::make_address_v4(ip::v4_mapped, result.to_v6());
  return result;
}

/// As proxies write it: some add the port, "192.0.2.1:80" or "[2001:db8::1]:80".
std::optional<ip::address> forwarded_address(std::string_view text) {
  if (text.starts_with('['))
    return address_of(text.substr(1, text.find(']') - 1));
  if (std::count(text.begin(), text.end(), ':') == 1)
    return address_of(text.substr(0, text.find(':')));
  return address_of(text);
}

bool is_among(const ip::address& x, std::span<const network> some) {
  return std::any_of(some.begin(), some.end(),
                     [&](auto& one) { return one.contains(x); });
}

} // namespace

network::bytes network::bytes_of(const ip::address& x) {
  return (x.is_v4() ? ip::make_address_v6(ip::v4_mapped, x.to_v4())
                    : ip::make_address_v6(x.to_v6().to_bytes()))
    .to_bytes();
}

std::optional<network> network::parse(std::string_view text) {
  auto slash = text.find('/');
  auto address = address_of(text.substr(0, slash));
  if (!address)
    return std::nullopt;
  auto most = address->is_v4() ? v4_bits : v6_bits;
  auto bits = most;
  if (slash != text.npos) {
    auto written = text.substr(slash + 1);
    auto [end, error] = std::from_chars(written.data(),
                                        written.data() + written.size(), bits);
    if (error != std::errc{} || end != written.data() + written.size()
        || bits > most)
      return std::nullopt;
  }
  network result;
  result.first_ = bytes_of(*address);
  result.prefix_bits_ = v6_bits - most + bits;
  return result;
}

bool network::contains(const ip::address& x) const {
  auto given = bytes_of(x);
  auto whole = prefix_bits_ / 8;
  if (!std::equal(given.begin(), given.begin() + whole, first_.begin()))
    return false;
  auto rest = prefix_bits_ % 8;
  return rest == 0 || ((given[whole] ^ first_[whole]) >> (8 - rest)) == 0;
}

ip::address client_address(const request_head& head, const ip::address& peer,
                           std::span<const network> proxies) {
  auto result = peer;
  if (!is_among(peer, proxies))
    return result;
  auto named = head.list("X-Forwarded-For");
  for (auto at = named.rbegin(); at != named.rend(); ++at) {
    auto before = forwarded_address(*at);
    // A proxy of ours does not write such a thing.
    if (!before)
      break;
    result = *before;
    if (!is_among(result, proxies))
      break;
  }
  return result;
}

} // namespace parlor::transport
