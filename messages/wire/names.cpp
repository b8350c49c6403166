// SPDX-License-Identifier: MIT
#include "messages/wire/names.hpp"

#include "messages/limits.hpp"

#include <cstdint>
#include <cstring>

namespace parlor::wire {

namespace {

/// What may follow a lead byte (RFC 3629 §4): the bounds of the second byte,
/// and the length of the whole sequence; 0 for no lead byte.
struct sequence {
  size_t length = 0;
  uint8_t low = 0x80;
  uint8_t high = 0xBF;
};

constexpr sequence sequence_of(uint8_t lead) {
  if (lead >= 0xC2 && lead <= 0xDF)
    return {2};
  if (lead == 0xE0)
    return {3, 0xA0, 0xBF};
  if (lead == 0xED)
    return {3, 0x80, 0x9F};
  if (lead >= 0xE1 && lead <= 0xEF)
    return {3};
  if (lead == 0xF0)
    return {4, 0x90, 0xBF};
  if (lead >= 0xF1 && lead <= 0xF3)
    return {4};
  if (lead == 0xF4)
    return {4, 0x80, 0x8F};
  return {};
}

/// How many bytes at the start of `text` are ASCII, to the next multiple of 8.
size_t ascii_words(std::string_view text) noexcept {
  constexpr uint64_t high_bits = 0x8080808080808080;
  size_t i = 0;
  for (; i + sizeof(uint64_t) <= text.size(); i += sizeof(uint64_t)) {
    uint64_t word;
    std::memcpy(&word, text.data() + i, sizeof word);
    if (word & high_bits)
      break;
  }
  return i;
}

/// The length of the valid non-ASCII sequence that `text` starts with, or 0.
size_t sequence_length(std::string_view text) noexcept {
  auto byte = [&](size_t i) { return static_cast<uint8_t>(text[i]); };
  auto x = sequence_of(byte(0));
  if (x.length == 0 || text.size() < x.length || byte(1) < x.low
      || byte(1) > x.high)
    return 0;
  for (size_t i = 2; i < x.length; ++i)
    if ((byte(i) & 0xC0) != 0x80)
      return 0;
  return x.length;
}

/// Whether valid UTF-8 has a character of C0, DEL or C1 (U+0080-U+009F).
bool has_control(std::string_view text) noexcept {
  for (size_t i = 0; i < text.size(); ++i) {
    auto byte = static_cast<uint8_t>(text[i]);
    if (byte < 0x20 || byte == 0x7F)
      return true;
    if (byte == 0xC2 && static_cast<uint8_t>(text[i + 1]) < 0xA0)
      return true;
  }
  return false;
}

} // namespace

bool valid_name(std::string_view text) noexcept {
  return !text.empty() && text.size() <= max_name_bytes && valid_utf8(text)
         && !has_control(text);
}

bool valid_utf8(std::string_view text) noexcept {
  while (!text.empty()) {
    text.remove_prefix(ascii_words(text));
    // What is left of the word: ASCII byte by byte, or one sequence.
    if (text.empty())
      break;
    auto ascii = static_cast<uint8_t>(text[0]) < 0x80;
    auto length = ascii ? 1 : sequence_length(text);
    if (length == 0)
      return false;
    text.remove_prefix(length);
  }
  return true;
}

std::string_view beginning_of(std::string_view text, size_t most) noexcept {
  if (text.size() <= most)
    return text;
  while (most > 0 && (text[most] & 0xC0) == 0x80)
    --most;
  return text.substr(0, most);
}

} // namespace parlor::wire
