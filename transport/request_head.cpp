// SPDX-License-Identifier: MIT
#include "transport/request_head.hpp"

#include <algorithm>

namespace parlor::transport {

namespace {

constexpr char lower(char c) {
  return c >= 'A' && c <= 'Z' ? char(c - 'A' + 'a') : c;
}

/// Calls `f` with each member of a list, trimmed, but for empty ones.
template <class F>
void for_each_member(std::string_view value, F f) {
  for (;;) {
    auto comma = value.find(',');
    if (auto member = trimmed(value.substr(0, comma)); !member.empty())
      f(member);
    if (comma == value.npos)
      return;
    value.remove_prefix(comma + 1);
  }
}

/// What follows the scheme of an absolute target, of either that may end here:
/// TLS does in front of us. Empty where there is none.
std::string_view behind_scheme(std::string_view target) {
  for (std::string_view scheme : {"http://", "https://"})
    if (same_text(target.substr(0, scheme.size()), scheme))
      return target.substr(scheme.size());
  return {};
}

} // namespace

bool same_text(std::string_view x, std::string_view y) noexcept {
  return std::equal(x.begin(), x.end(), y.begin(), y.end(),
                    [](char a, char b) { return lower(a) == lower(b); });
}

std::string_view trimmed(std::string_view text) noexcept {
  constexpr std::string_view blanks = " \t";
  auto first = text.find_first_not_of(blanks);
  if (first == text.npos)
    return {};
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

std::vector<std::string_view> list_members(std::string_view value) {
  std::vector<std::string_view> result;
  for_each_member(value, [&](auto member) { result.push_back(member); });
  return result;
}

std::optional<std::string_view>
request_head::find(std::string_view name) const {
  for (auto& [key, value] : headers)
    if (same_text(key, name))
      return trimmed(value);
  return std::nullopt;
}

size_t request_head::count(std::string_view name) const {
  return static_cast<size_t>(
    std::count_if(headers.begin(), headers.end(),
                  [&](auto& x) { return same_text(x.first, name); }));
}

std::optional<std::string_view> request_head::bearer() const {
  constexpr std::string_view scheme = "Bearer ";
  auto given = find("Authorization");
  if (!given || count("Authorization") > 1
      || !same_text(given->substr(0, scheme.size()), scheme))
    return std::nullopt;
  return trimmed(given->substr(scheme.size()));
}

std::vector<std::string_view> request_head::list(std::string_view name) const {
  std::vector<std::string_view> result;
  for (auto& [key, value] : headers)
    if (same_text(key, name))
      for_each_member(value, [&](auto member) { result.push_back(member); });
  return result;
}

bool request_head::lists(std::string_view name, std::string_view token) const {
  auto found = false;
  for (auto& [key, value] : headers)
    if (same_text(key, name))
      for_each_member(value,
                      [&](auto x) { found = found || same_text(x, token); });
  return found;
}

void request_head::to_origin_form() {
  auto rest = behind_scheme(target);
  auto authority = rest.substr(0, rest.find_first_of("/?#"));
  // Names with a user are a way to deceive people (RFC 9110 §4.2.4).
  if (authority.empty() || authority.find('@') != authority.npos)
    return;
  target = authority.size() < rest.size() ? rest.substr(authority.size()) : "/";
  auto is_host = [](auto& x) { return same_text(x.first, "Host"); };
  auto host = std::find_if(headers.begin(), headers.end(), is_host);
  if (host != headers.end())
    host->second = authority;
  else
    headers.emplace_back("Host", authority);
}

} // namespace parlor::transport
