// SPDX-License-Identifier: MIT
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

/// JSON values as raw text: what is done with one that is known to be valid.
/// Everything appends to the caller's text and allocates nothing else.
namespace parlor::wire::json {

/// How many bytes from `first` on stand for themselves in a JSON string: up to
/// the first quote, backslash or control character (RFC 8259 §7).
inline size_t plain_length(const char* first, const char* last) noexcept {
  constexpr uint64_t ones = 0x0101010101010101;
  constexpr uint64_t high_bits = ones * 0x80;
  auto at = first;
  for (; last - at >= 8; at += 8) {
    uint64_t word;
    std::memcpy(&word, at, sizeof word);
    // The high bit of each byte that is 0 (or, first, below 0x20); above the
    // lowest such byte there may be others by the borrow.
    auto control = (word - ones * 0x20) & ~word;
    auto quote = word ^ (ones * '"');
    auto backslash = word ^ (ones * '\\');
    auto hits = (control | ((quote - ones) & ~quote)
                 | ((backslash - ones) & ~backslash))
                & high_bits;
    if (hits == 0)
      continue;
    if constexpr (std::endian::native == std::endian::little)
      return static_cast<size_t>(at - first)
             + static_cast<size_t>(std::countr_zero(hits)) / 8;
    break;
  }
  while (at != last && *at != '"' && *at != '\\'
         && static_cast<uint8_t>(*at) >= 0x20)
    ++at;
  return static_cast<size_t>(at - first);
}

inline bool is_string(std::string_view raw) noexcept {
  return !raw.empty() && raw.front() == '"';
}

/// Whether a value is a number without fraction and exponent.
inline bool is_integer(std::string_view raw) noexcept {
  return !raw.empty() && (raw[0] == '-' || (raw[0] >= '0' && raw[0] <= '9'))
         && raw.find_first_of(".eE") == std::string_view::npos;
}

/// Appends, as UTF-8, what a string says. `raw` has its quotes.
void append_decoded(std::string& out, std::string_view raw);

/// What a string says, as UTF-8.
std::string decoded(std::string_view raw);

/// Appends UTF-8 as a string, with its quotes; escapes only what has to be.
void append_quoted(std::string& out, std::string_view text);

/// Appends a value without the whitespace outside of its strings.
void append_compact(std::string& out, std::string_view raw);

} // namespace parlor::wire::json
