// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

namespace parlor::bench {

/// XORs `size` bytes with a WebSocket masking key (its four bytes in the order
/// of the wire), eight at a time. `to` and `from` may be the same.
inline void apply_mask(char* to, const char* from, size_t size, uint32_t key) {
  const auto wide = static_cast<uint64_t>(key) << 32 | key;
  size_t i = 0;
  for (; i + sizeof wide <= size; i += sizeof wide) {
    uint64_t word;
    std::memcpy(&word, from + i, sizeof word);
    word ^= wide;
    std::memcpy(to + i, &word, sizeof word);
  }
  char bytes[sizeof key];
  std::memcpy(bytes, &key, sizeof key);
  for (; i < size; ++i)
    to[i] = static_cast<char>(from[i] ^ bytes[i & 3]);
}

} // namespace parlor::bench
