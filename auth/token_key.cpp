// SPDX-License-Identifier: MIT
#include "auth/token_key.hpp"

#include <algorithm>
#include <memory>

#include <openssl/bio.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

namespace parlor {

namespace {

constexpr size_t min_secret_bytes = 32;
constexpr int min_rsa_bits = 2048;

using key_ptr = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;

key_ptr read_public_key(const std::string& pem) {
  std::unique_ptr<BIO, decltype(&BIO_free)> source{
    BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())), BIO_free};
  return {PEM_read_bio_PUBKEY(source.get(), nullptr, nullptr, nullptr),
          EVP_PKEY_free};
}

bool is_on_p256(const EVP_PKEY* key) {
  char group[32] = {};
  size_t size = 0;
  return EVP_PKEY_get_group_name(key, group, sizeof group, &size) == 1
         && std::string_view{group, size} == "prime256v1";
}

bool is_text(std::string_view x) {
  return std::all_of(x.begin(), x.end(),
                     [](char c) { return c >= ' ' && c < 0x7F; });
}

} // namespace

std::string_view complaint_of_key(token_algorithm algorithm,
                                  const std::string& content) {
  if (algorithm == token_algorithm::hs256)
    return key_of(algorithm, content).size() < min_secret_bytes
             ? "must hold a secret of 32 bytes or more"
             : "";
  auto key = read_public_key(content);
  if (!key)
    return "must hold a public key in PEM";
  if (algorithm == token_algorithm::rs256)
    return EVP_PKEY_get_base_id(key.get()) != EVP_PKEY_RSA
               || EVP_PKEY_get_bits(key.get()) < min_rsa_bits
             ? "must hold an RSA key of 2048 bits or more"
             : "";
  return EVP_PKEY_get_base_id(key.get()) != EVP_PKEY_EC
             || !is_on_p256(key.get())
           ? "must hold an EC key on P-256"
           : "";
}

std::string key_of(token_algorithm algorithm, std::string content) {
  if (algorithm != token_algorithm::hs256 || !content.ends_with('\n'))
    return content;
  std::string_view secret = content;
  secret.remove_suffix(secret.ends_with("\r\n") ? 2 : 1);
  return is_text(secret) ? std::string{secret} : content;
}

} // namespace parlor
