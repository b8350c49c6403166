// SPDX-License-Identifier: MIT
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

namespace parlor::test {

/// Names of 16 printable characters that a client may choose, and that all have
/// the same `std::hash` in libstdc++ on 64 bits: MurmurHash64A under a fixed
/// seed, whose step for a block can be undone. So the second half of a name is
/// computed from its first, and kept where it is printable.
inline std::vector<std::string> colliding_names(size_t many) {
  constexpr uint64_t factor = 0xC6A4A7935BD1E995u;
  auto inverse = factor;
  for (int i = 0; i < 5; ++i)
    inverse *= 2 - factor * inverse;
  auto shifted = [](uint64_t x) { return x ^ x >> 47; };
  auto begun = 0xC70F6907u ^ 16 * factor;
  auto is_printable = [](uint64_t x) {
    for (int i = 0; i < 8; ++i, x >>= 8)
      if ((x & 0xFF) < 0x21 || (x & 0xFF) > 0x7E)
        return false;
    return true;
  };
  std::vector<std::string> result;
  for (uint64_t number = 0; result.size() < many; ++number) {
    uint64_t halves[2] = {};
    for (int shift = 0; shift < 32; shift += 4)
      halves[0] = halves[0] << 8 | ('a' + (number >> shift & 15));
    auto state = (begun ^ shifted(halves[0] * factor) * factor) * factor;
    halves[1] = shifted(state * inverse) * inverse;
    if (!is_printable(halves[1]))
      continue;
    static_assert(std::endian::native == std::endian::little);
    result.emplace_back(sizeof(halves), '\0');
    std::memcpy(result.back().data(), halves, sizeof(halves));
  }
  return result;
}

} // namespace parlor::test
