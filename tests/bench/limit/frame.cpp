// SPDX-License-Identifier: MIT
#include "tests/bench/limit/frame.hpp"

#include "tests/bench/mask.hpp"

#include <cstdint>
#include <cstring>

namespace parlor::bench::limit {

std::string make_frame(std::string_view payload, char first) {
  const auto size = payload.size();
  std::string out;
  out += first;
  if (size < 126) {
    out += static_cast<char>(size);
  } else {
    out += '\x7e';
    out += static_cast<char>(size >> 8);
    out += static_cast<char>(size);
  }
  out += payload;
  return out;
}

client_frame read_frame(char* at, const char* end) {
  using kind = client_frame::kind;
  const auto byte = [at](size_t i) { return static_cast<uint8_t>(at[i]); };
  const auto available = static_cast<size_t>(end - at);
  constexpr size_t least = 6;
  if (available < least)
    return {kind::incomplete, {}, 0};
  size_t size = byte(1) & 127u;
  if (size == 127)
    return {kind::refused, {}, 0};
  size_t header = 2;
  if (size == 126) {
    size = static_cast<size_t>(byte(2)) << 8 | byte(3);
    header = 4;
  }
  uint32_t key;
  if (available < header + sizeof key + size)
    return {kind::incomplete, {}, 0};
  std::memcpy(&key, at + header, sizeof key);
  char* payload = at + header + sizeof key;
  apply_mask(payload, payload, size, key);
  const auto opcode = byte(0) & 15;
  const auto what = opcode == 8   ? kind::close
                    : opcode == 9 ? kind::ping
                                  : kind::data;
  return {what, {payload, size}, header + sizeof key + size};
}

} // namespace parlor::bench::limit
