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

} // namespace parlor::transport
