// SPDX-License-Identifier: MIT
#include "tests/bench/wsload/frame.hpp"

#include "tests/bench/mask.hpp"

#include <cstring>

namespace parlor::bench::wsload {

namespace {

/// Not random as RFC 6455 wants it, but different from frame to frame.
uint32_t next_key() {
  static uint32_t key = 0x9d3f71c5;
  key = key * 1664525u + 1013904223u;
  return key;
}

void append_size(std::string& out, uint64_t size) {
  constexpr unsigned masked = 0x80;
  const size_t bytes = size < 126 ? 0 : size < 65536 ? 2 : 8;
  const auto first = bytes == 0 ? size : bytes == 2 ? 126u : 127u;
  out += static_cast<char>(masked | first);
  for (size_t i = bytes; i-- > 0;)
    out += static_cast<char>(size >> (8 * i));
}

} // namespace

void append_frame(std::string& out, opcode type, std::string_view payload) {
  constexpr unsigned final_fragment = 0x80;
  out += static_cast<char>(final_fragment | static_cast<unsigned>(type));
  append_size(out, payload.size());
  const auto key = next_key();
  const auto at = out.size();
  out.resize(at + sizeof key + payload.size());
  std::memcpy(out.data() + at, &key, sizeof key);
  apply_mask(out.data() + at + sizeof key, payload.data(), payload.size(), key);
}

} // namespace parlor::bench::wsload
