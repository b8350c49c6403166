// SPDX-License-Identifier: MIT
#pragma once

#include <boost/endian/conversion.hpp>

#include <bit>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace parlor {

/// The 128 bits on which a `sip_hash` depends.
struct sip_key {
  uint64_t k0 = 0;
  uint64_t k1 = 0;

  friend bool operator==(const sip_key&, const sip_key&) = default;
};

/// SipHash-c-d (Aumasson and Bernstein, 2012): who does not know the key cannot
/// find texts with the same hash, whatever hashes they have seen. c rounds are
/// made for each 8 bytes, d at the end.
template <int c, int d>
uint64_t sip_hash(const sip_key& key, std::string_view text) noexcept {
  uint64_t v0 = key.k0 ^ 0x736F6D6570736575u;
  uint64_t v1 = key.k1 ^ 0x646F72616E646F6Du;
  uint64_t v2 = key.k0 ^ 0x6C7967656E657261u;
  uint64_t v3 = key.k1 ^ 0x7465646279746573u;
  auto rounds = [&](int many) {
    for (; many > 0; --many) {
      v0 += v1;
      v2 += v3;
      v1 = std::rotl(v1, 13) ^ v0;
      v3 = std::rotl(v3, 16) ^ v2;
      v0 = std::rotl(v0, 32) + v3;
      v2 += v1;
      v3 = std::rotl(v3, 21) ^ v0;
      v1 = std::rotl(v1, 17) ^ v2;
      v2 = std::rotl(v2, 32);
    }
  };
  auto take = [&](uint64_t word) {
    v3 ^= word;
    rounds(c);
    v0 ^= word;
  };
  auto* bytes = reinterpret_cast<const unsigned char*>(text.data());
  auto left = text.size();
  for (; left >= 8; left -= 8, bytes += 8)
    take(boost::endian::load_little_u64(bytes));
  unsigned char last[8] = {};
  if (left > 0)
    std::memcpy(last, bytes, left);
  take(boost::endian::load_little_u64(last) | uint64_t{text.size()} << 56);
  v2 ^= 0xFF;
  rounds(d);
  return v0 ^ v1 ^ v2 ^ v3;
}

} // namespace parlor
