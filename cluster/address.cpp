// SPDX-License-Identifier: MIT
#include "cluster/address.hpp"

#include <algorithm>
#include <charconv>

namespace parlor::cluster {

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

std::string to_string(const address& x) {
  auto bracketed = x.host.find(':') != x.host.npos;
  return (bracketed ? '[' + x.host + ']' : x.host) + ':'
         + std::to_string(x.port);
}

} // namespace parlor::cluster
