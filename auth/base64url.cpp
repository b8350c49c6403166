// SPDX-License-Identifier: MIT
#include "auth/base64url.hpp"

#include <cstdint>

namespace parlor {

namespace {

constexpr std::string_view alphabet
  = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

} // namespace

std::optional<std::string> decode_base64url(std::string_view text) {
  std::string result;
  result.reserve(text.size() * 3 / 4);
  uint32_t bits = 0;
  unsigned count = 0;
  for (auto c : text) {
    auto digit = alphabet.find(c);
    if (digit == std::string_view::npos)
      return std::nullopt;
    bits = bits << 6 | static_cast<uint32_t>(digit);
    count += 6;
    if (count >= 8) {
      count -= 8;
      result += static_cast<char>(bits >> count & 0xFF);
      bits &= (1u << count) - 1;
    }
  }
  // Six bits left are a digit that encodes no byte.
  if (count == 6 || bits != 0)
    return std::nullopt;
  return result;
}

} // namespace parlor
