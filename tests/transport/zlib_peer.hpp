// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <random>
#include <stdexcept>
#include <string>
#include <string_view>

#include <zlib.h>

/// The other side of a connection with permessage-deflate: zlib itself.
namespace parlor::test {

inline Bytef* bytes_of(std::string_view text) {
  return reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
}

/// A payload as a client sends it (RFC 7692 §7.2.1). `finish` ends the stream
/// in place of flushing it (§7.2.3.4).
inline std::string packed(std::string_view text, int level = 6,
                          bool finish = false) {
  z_stream z{};
  if (deflateInit2(&z, level, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY) != Z_OK)
    throw std::runtime_error{"deflateInit2"};
  std::string result(text.size() + text.size() / 1000 + 64, '\0');
  z.next_in = bytes_of(text);
  z.avail_in = static_cast<uInt>(text.size());
  z.next_out = bytes_of(result);
  z.avail_out = static_cast<uInt>(result.size());
  deflate(&z, finish ? Z_FINISH : Z_SYNC_FLUSH);
  result.resize(z.total_out);
  deflateEnd(&z);
  if (finish)
    result += '\0';
  else
    result.resize(result.size() - 4);
  return result;
}

/// What a client with a window of so many bits makes of a payload (§7.2.2).
inline std::string unpacked(std::string_view payload, int window_bits = 15) {
  z_stream z{};
  if (inflateInit2(&z, -window_bits) != Z_OK)
    throw std::runtime_error{"inflateInit2"};
  auto all = std::string{payload} + std::string("\0\0\xFF\xFF", 4);
  z.next_in = bytes_of(all);
  z.avail_in = static_cast<uInt>(all.size());
  std::string result;
  // In small pieces, so that the window has to be used.
  std::array<char, 64> piece;
  do {
    z.next_out = bytes_of({piece.data(), piece.size()});
    z.avail_out = piece.size();
    auto outcome = inflate(&z, Z_SYNC_FLUSH);
    if (outcome != Z_OK && outcome != Z_BUF_ERROR)
      throw std::runtime_error{"this cannot be inflated"};
    result.append(piece.data(), piece.size() - z.avail_out);
  } while (z.avail_out == 0);
  inflateEnd(&z);
  return result;
}

/// Text that compresses to about half.
inline std::string prose(size_t size, unsigned seed = 1) {
  constexpr std::array words{"room",  "message", "and ",   "of ",      "to ",
                             "green", " deploy", " we ",   "look ",    "at ",
                             "who",   " has",    " time.", " \xC3\xBC"};
  std::mt19937 random{seed};
  std::string result;
  while (result.size() + 8 < size)
    result += words[random() % words.size()];
  return result += std::string(size - result.size(), '.');
}

/// Text that compression makes longer, nearly.
inline std::string noise(size_t size, unsigned seed = 1) {
  std::mt19937 random{seed};
  std::string result;
  while (result.size() < size)
    result += static_cast<char>(' ' + random() % 95);
  return result;
}

} // namespace parlor::test
