// SPDX-License-Identifier: MIT
#include "cluster/address.hpp"

#include <boost/asio/ip/address.hpp>

#include <algorithm>
#include <charconv>

namespace parlor::cluster {

namespace ip = boost::asio::ip;

namespace {

bool is_host(std::string_view text, bool bracketed) {
  constexpr size_t longest = 253;
  auto fits = [=](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')
           || (c >= '0' && c <= '9') || c == '.'
           || (bracketed ? c == ':' : c == '-' || c == '_');
  };
  return !text.empty() && text.size() <= longest
         && std::all_of(text.begin(), text.end(), fits);
}

/// Labels are 1 to 63 characters. What is of numbers alone is an address, or was
/// meant to be one.
bool is_name(std::string_view text) {
  constexpr size_t longest = 63;
  if (text.ends_with('.'))
    text.remove_suffix(1);
  auto are_numbers = true;
  for (size_t begin = 0; begin <= text.size();) {
    auto end = std::min(text.find('.', begin), text.size());
    auto label = text.substr(begin, end - begin);
    if (label.empty() || label.size() > longest
        || label.find(':') != label.npos)
      return false;
    are_numbers = are_numbers
                  && std::all_of(label.begin(), label.end(), [](char c) {
                       return c >= '0' && c <= '9';
                     });
    begin = end + 1;
  }
  return !are_numbers;
}

} // namespace

std::optional<address> parse_address(std::string_view text) {
  auto colon = text.rfind(':');
  if (colon == text.npos)
    return std::nullopt;
  auto host = text.substr(0, colon);
  auto digits = text.substr(colon + 1);
  auto bracketed = host.size() > 2 && host.front() == '[' && host.back() == ']';
  if (bracketed)
    host = host.substr(1, host.size() - 2);
  if (!is_host(host, bracketed))
    return std::nullopt;
  address result{std::string{host}, 0};
  auto end = digits.data() + digits.size();
  auto [at, error] = std::from_chars(digits.data(), end, result.port);
  if (error != std::errc{} || at != end || result.port == 0)
    return std::nullopt;
  return result;
}

address_kind kind_of(const std::string& text) {
  boost::system::error_code error;
  auto x = ip::make_address(text, error);
  if (error)
    return address_kind::none;
  if (x.is_v6() && x.to_v6().is_v4_mapped())
    x = ip::make_address_v4(ip::v4_mapped, x.to_v6());
  if (x.is_unspecified())
    return address_kind::unspecified;
  if (x.is_multicast() || x == ip::address_v4::broadcast())
    return address_kind::group;
  return x.is_v6() && x.to_v6().is_link_local() ? address_kind::link_local
                                                : address_kind::machine;
}

bool is_reachable(const std::string& host) {
  auto kind = kind_of(host);
  return kind == address_kind::machine
         || (kind == address_kind::none && is_name(host));
}

std::string canonical(const std::string& host) {
  boost::system::error_code error;
  auto x = ip::make_address(host, error);
  return error ? host : x.to_string();
}

std::string to_string(const address& x) {
  auto bracketed = x.host.find(':') != x.host.npos;
  return (bracketed ? '[' + x.host + ']' : x.host) + ':'
         + std::to_string(x.port);
}

} // namespace parlor::cluster
