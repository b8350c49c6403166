// SPDX-License-Identifier: MIT
#include "messages/ids.hpp"

#include <array>
#include <charconv>

namespace parlor {

namespace {

std::string hex(uint64_t value) {
  std::array<char, 16> digits;
  auto end = std::to_chars(digits.begin(), digits.end(), value, 16).ptr;
  return {digits.begin(), end};
}

} // namespace

std::string to_string(connection_id id) {
  std::string result(16, '0');
  auto value = id.value();
  for (auto digit = result.rbegin(); value > 0; ++digit, value >>= 4)
    *digit = "0123456789abcdef"[value & 15];
  return result;
}

connection_id to_connection_id(std::string_view text) noexcept {
  uint64_t value = 0;
  auto end = text.data() + text.size();
  auto [ptr, ec] = std::from_chars(text.data(), end, value, 16);
  if (text.size() != 16 || ec != std::errc{} || ptr != end)
    return {};
  return connection_id{value};
}

std::string to_string(const epoch& x) {
  return hex(x.revision) + '-' + hex(x.opening);
}

epoch to_epoch(std::string_view text) noexcept {
  epoch result;
  auto end = text.data() + text.size();
  auto [dash, bad] = std::from_chars(text.data(), end, result.revision, 16);
  if (bad != std::errc{} || dash == end || *dash != '-')
    return {};
  auto [last, worse] = std::from_chars(dash + 1, end, result.opening, 16);
  if (worse != std::errc{} || last != end)
    return {};
  return result;
}

} // namespace parlor
