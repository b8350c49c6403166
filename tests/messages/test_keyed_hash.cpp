// SPDX-License-Identifier: MIT
#include "messages/ids.hpp"
#include "messages/keyed_hash.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/colliding_names.hpp"

#include <boost/endian/conversion.hpp>

#include <openssl/evp.h>
#include <openssl/params.h>

#include <algorithm>
#include <set>
#include <string>
#include <unordered_set>

using namespace parlor;

namespace {

/// What OpenSSL makes of it.
uint64_t hash_by_openssl(unsigned c, unsigned d, const sip_key& key,
                         const std::string& text) {
  unsigned char secret[16];
  boost::endian::store_little_u64(secret, key.k0);
  boost::endian::store_little_u64(secret + 8, key.k1);
  size_t size = 8;
  OSSL_PARAM with[] = {OSSL_PARAM_construct_uint("c-rounds", &c),
                       OSSL_PARAM_construct_uint("d-rounds", &d),
                       OSSL_PARAM_construct_size_t("size", &size),
                       OSSL_PARAM_construct_end()};
  auto* mac = EVP_MAC_fetch(nullptr, "SIPHASH", nullptr);
  auto* run = EVP_MAC_CTX_new(mac);
  unsigned char result[8] = {};
  CHECK(EVP_MAC_init(run, secret, sizeof(secret), with) == 1);
  EVP_MAC_update(run, reinterpret_cast<const unsigned char*>(text.data()),
                 text.size());
  CHECK(EVP_MAC_final(run, result, &size, sizeof(result)) == 1);
  EVP_MAC_CTX_free(run);
  EVP_MAC_free(mac);
  return boost::endian::load_little_u64(result);
}

std::string counted_up(size_t size) {
  std::string result;
  for (size_t i = 0; i < size; ++i)
    result += static_cast<char>(i * 37 + 200);
  return result;
}

} // namespace

TEST_CASE("SipHash-2-4 is that of the paper's test vector") {
  std::string text;
  for (char i = 0; i < 15; ++i)
    text += i;
  CHECK(sip_hash<2, 4>({0x0706050403020100u, 0x0F0E0D0C0B0A0908u}, text)
        == 0xA129CA6149BE45E5u);
}

TEST_CASE("SipHash-1-3 and 2-4 are OpenSSL's, whatever the length") {
  sip_key key{0xFEDCBA9876543210u, 0x8000000000000001u};
  for (size_t size = 0; size <= 300; ++size) {
    auto text = counted_up(size);
    CHECK(sip_hash<1, 3>(key, text) == hash_by_openssl(1, 3, key, text));
    CHECK(sip_hash<2, 4>(key, text) == hash_by_openssl(2, 4, key, text));
  }
}

TEST_CASE("no two processes have the same key") {
  CHECK_FALSE(random_sip_key() == random_sip_key());
}

TEST_CASE("the key of this process is none that can be guessed") {
  CHECK_FALSE(keyed_hash::key() == sip_key{});
}

TEST_CASE("names chosen to meet in one bucket of std::hash do not meet") {
  auto names = test::colliding_names(5000);
  std::set<size_t> theirs;
  std::unordered_set<room_name> rooms;
  std::unordered_set<std::string, keyed_hash> keys;
  for (auto& name : names) {
    theirs.insert(std::hash<std::string>{}(name));
    rooms.emplace(name);
    keys.insert(name);
  }
  // Otherwise this shows nothing.
  REQUIRE(theirs.size() == 1);
  REQUIRE(rooms.size() == names.size());
  auto fullest = [](const auto& table) {
    size_t result = 0;
    for (size_t i = 0; i < table.bucket_count(); ++i)
      result = std::max(result, table.bucket_size(i));
    return result;
  };
  // Of so many that are thrown at random, 12 in one is less likely than 1e-7.
  CHECK(fullest(rooms) < 12);
  CHECK(fullest(keys) < 12);
}

TEST_CASE("connections that were kept for their ids do not meet") {
  // Under a multiplication alone they are a number of buckets apart.
  constexpr uint64_t factor = 0x9E3779B97F4A7C15u;
  auto inverse = factor;
  for (int i = 0; i < 5; ++i)
    inverse *= 2 - factor * inverse;
  std::unordered_set<connection_id> table;
  table.reserve(1000);
  for (uint64_t i = 1; i <= 1000; ++i)
    table.emplace(i * table.bucket_count() * inverse);
  size_t fullest = 0;
  for (size_t i = 0; i < table.bucket_count(); ++i)
    fullest = std::max(fullest, table.bucket_size(i));
  CHECK(fullest < 12);
}
