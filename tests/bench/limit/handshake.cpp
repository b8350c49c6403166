// SPDX-License-Identifier: MIT
#include "tests/bench/limit/handshake.hpp"

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

namespace parlor::bench::limit {

namespace {

using words = std::array<uint32_t, 5>;

uint32_t big_endian(std::string_view bytes) {
  uint32_t value = 0;
  for (const char x : bytes.substr(0, 4))
    value = value << 8 | static_cast<uint8_t>(x);
  return value;
}

/// One 64 byte block of SHA-1.
void digest_block(words& h, std::string_view block) {
  std::array<uint32_t, 80> w;
  for (size_t i = 0; i < 16; ++i)
    w[i] = big_endian(block.substr(i * 4));
  for (size_t i = 16; i < w.size(); ++i)
    w[i] = std::rotl(w[i - 3] ^ w[i - 8] ^ w[i - 14] ^ w[i - 16], 1);
  auto [a, b, c, d, e] = h;
  for (size_t i = 0; i < w.size(); ++i) {
    const auto f = i < 20   ? (b & c) | (~b & d)
                   : i < 40 ? b ^ c ^ d
                   : i < 60 ? (b & c) | (b & d) | (c & d)
                            : b ^ c ^ d;
    constexpr uint32_t k[] = {0x5a827999, 0x6ed9eba1, 0x8f1bbcdc, 0xca62c1d6};
    const auto next = std::rotl(a, 5) + f + e + k[i / 20] + w[i];
    e = d;
    d = c;
    c = std::rotl(b, 30);
    b = a;
    a = next;
  }
  const words change{a, b, c, d, e};
  for (size_t i = 0; i < h.size(); ++i)
    h[i] += change[i];
}

std::string sha1(std::string message) {
  words h{0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0};
  const uint64_t bits = message.size() * 8;
  message += '\x80';
  while (message.size() % 64 != 56)
    message += '\0';
  for (int shift = 56; shift >= 0; shift -= 8)
    message += static_cast<char>(bits >> shift);
  for (size_t at = 0; at < message.size(); at += 64)
    digest_block(h, std::string_view{message}.substr(at, 64));
  std::string digest;
  for (const auto word : h)
    for (int shift = 24; shift >= 0; shift -= 8)
      digest += static_cast<char>(word >> shift);
  return digest;
}

std::string base64(std::string bytes) {
  constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijkl"
                                        "mnopqrstuvwxyz0123456789+/";
  const auto missing = (3 - bytes.size() % 3) % 3;
  bytes.append(missing + 1, '\0');
  std::string text;
  for (size_t i = 0; i + 3 < bytes.size(); i += 3) {
    const auto value = big_endian(std::string_view{bytes}.substr(i)) >> 8;
    for (int shift = 18; shift >= 0; shift -= 6)
      text += alphabet[value >> shift & 63];
  }
  text.replace(text.size() - missing, missing, missing, '=');
  return text;
}

} // namespace

std::string upgrade_answer(std::string_view key) {
  constexpr std::string_view guid = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  return "HTTP/1.1 101 Switching Protocols\r\n"
         "Upgrade: websocket\r\n"
         "Connection: Upgrade\r\n"
         "Sec-WebSocket-Accept: "
         + base64(sha1(std::string{key}.append(guid))) + "\r\n\r\n";
}

} // namespace parlor::bench::limit
