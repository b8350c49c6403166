// SPDX-License-Identifier: MIT
#include "auth/token_key.hpp"

#include "auth/signature.hpp"

#include <algorithm>

#include <openssl/core_names.h>
#include <openssl/evp.h>

namespace parlor {

namespace {

constexpr size_t min_secret_bytes = 32;
constexpr int min_rsa_bits = 2048;

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

/// Whether a text is one block of PEM (RFC 7468 §2), and nothing around it but
/// white space: what OpenSSL would skip is ignored nowhere in silence.
bool is_one_block(std::string_view x) {
  constexpr std::string_view white = " \t\r\n";
  constexpr std::string_view begin = "-----BEGIN ";
  constexpr std::string_view end = "-----END ";
  x.remove_prefix(std::min(x.find_first_not_of(white), x.size()));
  auto last = x.find(end);
  return x.starts_with(begin) && x.find(begin, begin.size()) == x.npos
         && last != x.npos
         && x.find_first_not_of(white, x.find_first_of("\r\n", last)) == x.npos;
}

/// A public key as secret is no secret: whoever has it can sign (the confusion of
/// algorithms, from the other side).
bool is_key_of_others(std::string_view x) {
  return x.find("-----BEGIN ") != x.npos;
}

std::string_view complaint_of_secret(const std::string& content) {
  if (is_key_of_others(content))
    return "holds PEM, but HS256 takes a secret as it is";
  return key_of(token_algorithm::hs256, content).size() < min_secret_bytes
           ? "must hold a secret of 32 bytes or more"
           : "";
}

} // namespace

std::string_view complaint_of_key(token_algorithm algorithm,
                                  const std::string& content) {
  if (algorithm == token_algorithm::hs256)
    return complaint_of_secret(content);
  auto key = read_public_key(content);
  if (!key)
    return "must hold a public key in PEM";
  if (!is_one_block(content))
    return "must hold one public key in PEM, and nothing else";
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
