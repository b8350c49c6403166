// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <cstring>
#include <string_view>

namespace parlor::transport {

/// Checks UTF-8 (RFC 3629 §4) that comes in pieces, and finds what is wrong at
/// its first wrong byte. A value. Not thread-safe.
class utf8_stream {
public:
  /// False from the first byte on that no valid text continues with.
  bool take(std::string_view text) noexcept {
    for (size_t i = 0; i < text.size(); ++i) {
      if (missing_ == 0)
        i += ascii_words(text.substr(i));
      if (i < text.size() && !take(static_cast<uint8_t>(text[i])))
        return false;
    }
    return true;
  }

  /// Whether the text may end here.
  bool complete() const noexcept { return missing_ == 0; }

private:
  /// How many bytes from the start on are ASCII, to the next multiple of 8.
  static size_t ascii_words(std::string_view text) noexcept {
    constexpr uint64_t high_bits = 0x8080808080808080;
    size_t i = 0;
    for (; i + sizeof high_bits <= text.size(); i += sizeof high_bits) {
      uint64_t word;
      std::memcpy(&word, text.data() + i, sizeof word);
      if ((word & high_bits) != 0)
        break;
    }
    return i;
  }

  bool take(uint8_t byte) noexcept {
    if (missing_ == 0)
      return byte < 0x80 || begin(byte);
    if (byte < low_ || byte > high_)
      return false;
    --missing_;
    low_ = 0x80;
    high_ = 0xBF;
    return true;
  }

  /// The lead byte says how many follow, and bounds the first of them.
  bool begin(uint8_t lead) noexcept {
    if (lead < 0xC2 || lead > 0xF4)
      return false;
    missing_ = lead < 0xE0 ? 1 : lead < 0xF0 ? 2 : 3;
    low_ = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
    high_ = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
    return true;
  }

  /// Bytes that the sequence still needs, and bounds of the next.
  uint8_t missing_ = 0;
  uint8_t low_ = 0x80;
  uint8_t high_ = 0xBF;
};

} // namespace parlor::transport
