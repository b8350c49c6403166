// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace parlor::bench::wsload {

/// What a delivery says of itself. In a frame: a marker, then 16 digits of
/// time, '.', 8 digits of publisher, '.', 8 digits of sequence number.
struct stamp {
  /// When it was, or should have been, sent: ns of CLOCK_MONOTONIC.
  uint64_t sent_at;
  uint32_t publisher;
  uint32_t seq;
};

/// Bytes of a stamp without its marker.
inline constexpr size_t stamp_size = 16 + 1 + 8 + 1 + 8;

/// The value of eight decimal digits, three multiplications in all.
inline uint32_t parse_8_digits(const char* digits) {
  uint64_t v;
  std::memcpy(&v, digits, sizeof v);
  v = (v & 0x0F0F0F0F0F0F0F0Full) * 2561 >> 8;
  v = (v & 0x00FF00FF00FF00FFull) * 6553601 >> 16;
  v = (v & 0x0000FFFF0000FFFFull) * 42949672960001ull >> 32;
  return static_cast<uint32_t>(v);
}

/// Reads the `stamp_size` bytes behind a marker.
inline stamp parse_stamp(const char* digits) {
  return {uint64_t{parse_8_digits(digits)} * 100'000'000
            + parse_8_digits(digits + 8),
          parse_8_digits(digits + 17), parse_8_digits(digits + 26)};
}

/// Appends the last `width` decimal digits of `value`.
void append_digits(std::string& out, uint64_t value, size_t width);

void append_stamp(std::string& out, std::string_view marker, const stamp& x);

} // namespace parlor::bench::wsload
