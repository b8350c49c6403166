// SPDX-License-Identifier: MIT
#include "auth/signature.hpp"

#include <array>

#include <openssl/bio.h>
#include <openssl/ecdsa.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/pem.h>

namespace parlor {

namespace {

using context_ptr = std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)>;
using signature_ptr = std::unique_ptr<ECDSA_SIG, decltype(&ECDSA_SIG_free)>;

/// Of r and of s on P-256.
constexpr int coordinate_bytes = 32;

const unsigned char* bytes_of(std::string_view x) {
  return reinterpret_cast<const unsigned char*>(x.data());
}

bool is_hmac(const std::string& secret, std::string_view text,
             std::string_view signature) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest;
  unsigned size = 0;
  return HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()),
              bytes_of(text), text.size(), digest.data(), &size)
           != nullptr
         && signature.size() == size
         && CRYPTO_memcmp(signature.data(), digest.data(), size) == 0;
}

/// RFC 7518 §3.4 writes r and s one after the other; OpenSSL reads DER.
std::string to_der(std::string_view signature) {
  if (signature.size() != 2 * coordinate_bytes)
    return {};
  signature_ptr pair{ECDSA_SIG_new(), ECDSA_SIG_free};
  auto r = BN_bin2bn(bytes_of(signature), coordinate_bytes, nullptr);
  auto s = BN_bin2bn(bytes_of(signature) + coordinate_bytes, coordinate_bytes,
                     nullptr);
  if (!pair || ECDSA_SIG_set0(pair.get(), r, s) != 1) {
    BN_free(r);
    BN_free(s);
    return {};
  }
  unsigned char* der = nullptr;
  auto size = i2d_ECDSA_SIG(pair.get(), &der);
  std::string result;
  if (size > 0)
    result.assign(reinterpret_cast<char*>(der), static_cast<size_t>(size));
  OPENSSL_free(der);
  return result;
}

/// RSA with PKCS #1 v1.5, or ECDSA, by the kind of the key.
bool is_signature(EVP_PKEY* key, std::string_view text,
                  std::string_view signature) {
  context_ptr context{EVP_MD_CTX_new(), EVP_MD_CTX_free};
  return context
         && EVP_DigestVerifyInit(context.get(), nullptr, EVP_sha256(), nullptr,
                                 key)
              == 1
         && EVP_DigestVerify(context.get(), bytes_of(signature),
                             signature.size(), bytes_of(text), text.size())
              == 1;
}

/// A key of another kind would check by another algorithm than the configured.
bool fits(token_algorithm algorithm, const public_key& key) {
  auto wanted = algorithm == token_algorithm::rs256   ? EVP_PKEY_RSA
                : algorithm == token_algorithm::es256 ? EVP_PKEY_EC
                                                      : EVP_PKEY_NONE;
  return key && EVP_PKEY_get_base_id(key.get()) == wanted;
}

} // namespace

public_key read_public_key(std::string_view pem) {
  std::unique_ptr<BIO, decltype(&BIO_free)> source{
    BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())), BIO_free};
  public_key result{
    PEM_read_bio_PUBKEY(source.get(), nullptr, nullptr, nullptr),
    EVP_PKEY_free};
  ERR_clear_error();
  return result;
}

signature_check::signature_check(token_algorithm algorithm, std::string key)
  : algorithm_{algorithm} {
  if (algorithm == token_algorithm::hs256)
    secret_ = std::move(key);
  else if (auto read = read_public_key(key); fits(algorithm, read))
    key_ = std::move(read);
}

bool signature_check::accepts(std::string_view text,
                              std::string_view signature) const {
  if (algorithm_ == token_algorithm::hs256)
    return is_hmac(secret_, text, signature);
  if (!key_)
    return false;
  auto result = algorithm_ == token_algorithm::es256
                  ? is_signature(key_.get(), text, to_der(signature))
                  : is_signature(key_.get(), text, signature);
  // What OpenSSL has against a signature would wait for the next who asks.
  ERR_clear_error();
  return result;
}

} // namespace parlor
