// SPDX-License-Identifier: MIT
#include "tls/context.hpp"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <algorithm>
#include <array>
#include <ctime>
#include <new>
#include <utility>

namespace parlor::tls {

namespace {

using part = problem::part;
using time_point = validity::time_point;

template <auto Free>
struct freeing {
  template <class T>
  void operator()(T* x) const noexcept {
    Free(x);
  }
};

using bio_ptr = std::unique_ptr<BIO, freeing<BIO_free>>;
using certificate_ptr = std::unique_ptr<X509, freeing<X509_free>>;
using key_ptr = std::unique_ptr<EVP_PKEY, freeing<EVP_PKEY_free>>;

/// OpenSSL's word for what went wrong first.
std::string reason() {
  auto* text = ERR_reason_error_string(ERR_get_error());
  ERR_clear_error();
  return text == nullptr ? "unknown reason" : text;
}

problem not_understood(part of) {
  return {of, "cannot be understood: " + reason()};
}

problem refused(part of) {
  return {of, "is refused: " + reason()};
}

bio_ptr reader_of(std::string_view text) {
  bio_ptr result{BIO_new_mem_buf(text.data(), static_cast<int>(text.size()))};
  if (!result)
    throw std::bad_alloc{};
  return result;
}

/// Whoever has a key with a passphrase is told so, and not asked for it on the
/// terminal.
int no_passphrase(char*, int, int, void* asked) {
  *static_cast<bool*>(asked) = true;
  return -1;
}

/// The next certificate; nullptr behind the last one.
certificate_ptr next_certificate(BIO& from) {
  return certificate_ptr{PEM_read_bio_X509(&from, nullptr, nullptr, nullptr)};
}

/// Whether what was read ended, and was not damaged.
bool at_end() {
  auto last = ERR_peek_last_error();
  auto result = ERR_GET_LIB(last) == ERR_LIB_PEM
                && ERR_GET_REASON(last) == PEM_R_NO_START_LINE;
  if (result)
    ERR_clear_error();
  return result;
}

std::string digest(std::string_view text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> bytes{};
  unsigned size = 0;
  if (EVP_Digest(text.data(), text.size(), bytes.data(), &size, EVP_sha256(),
                 nullptr)
      != 1)
    throw std::bad_alloc{};
  return {bytes.begin(), bytes.begin() + size};
}

time_point to_time(const ASN1_TIME* x) {
  std::tm parts{};
  ASN1_TIME_to_tm(x, &parts);
  return std::chrono::system_clock::from_time_t(timegm(&parts));
}

time_point end_of(const X509* x) {
  return to_time(X509_get0_notAfter(x));
}

} // namespace

void context::release::operator()(ssl_ctx_st* x) const noexcept {
  SSL_CTX_free(x);
}

context::context(const ssl_method_st* method) : handle_{SSL_CTX_new(method)} {
  ERR_clear_error();
  if (!handle_)
    throw std::bad_alloc{};
}

std::optional<problem> context::take_authorities(std::string_view pem) {
  ERR_clear_error();
  auto from = reader_of(pem);
  auto* store = SSL_CTX_get_cert_store(get());
  size_t count = 0;
  while (auto one = next_certificate(*from)) {
    if (X509_STORE_add_cert(store, one.get()) != 1)
      return refused(part::authority);
    ++count;
  }
  if (!at_end())
    return not_understood(part::authority);
  if (count == 0)
    return problem{part::authority, "holds no certificate in PEM"};
  authorities_ = digest(pem);
  return std::nullopt;
}

std::optional<problem> context::take_certificates(std::string_view pem) {
  ERR_clear_error();
  auto from = reader_of(pem);
  auto own = next_certificate(*from);
  if (!own && at_end())
    return problem{part::certificate, "holds no certificate in PEM"};
  if (!own)
    return not_understood(part::certificate);
  if (SSL_CTX_use_certificate(get(), own.get()) != 1)
    return refused(part::certificate);
  while (auto voucher = next_certificate(*from)) {
    if (SSL_CTX_add0_chain_cert(get(), voucher.get()) != 1)
      return refused(part::certificate);
    // It belongs to the chain now.
    static_cast<void>(voucher.release());
  }
  if (!at_end())
    return not_understood(part::certificate);
  certificate_ = digest(pem);
  return std::nullopt;
}

std::optional<problem> context::take_key(std::string_view pem,
                                         std::string_view certificate) {
  ERR_clear_error();
  auto asked = false;
  key_ptr key{PEM_read_bio_PrivateKey(reader_of(pem).get(), nullptr,
                                      no_passphrase, &asked)};
  if (asked) {
    ERR_clear_error();
    return problem{part::key, "is encrypted: it is read without a passphrase"};
  }
  // OpenSSL's words for these two are the same.
  if (!key && pem.find("PRIVATE KEY-----") == pem.npos)
    return problem{part::key, "holds no private key in PEM"};
  if (!key)
    return not_understood(part::key);
  auto* own = SSL_CTX_get0_certificate(get());
  if (X509_check_private_key(own, key.get()) != 1) {
    ERR_clear_error();
    return problem{part::key, "is not the key of " + std::string{certificate}};
  }
  if (SSL_CTX_use_PrivateKey(get(), key.get()) != 1)
    return refused(part::key);
  return std::nullopt;
}

std::optional<validity> context::lasts() const {
  auto* own = SSL_CTX_get0_certificate(get());
  if (!own)
    return std::nullopt;
  validity result{to_time(X509_get0_notBefore(own)), end_of(own)};
  STACK_OF(X509)* chain = nullptr;
  SSL_CTX_get0_chain_certs(get(), &chain);
  for (int i = 0; i < sk_X509_num(chain); ++i) {
    auto* one = sk_X509_value(chain, i);
    result.from = std::max(result.from, to_time(X509_get0_notBefore(one)));
    result.until = std::min(result.until, end_of(one));
  }
  return result;
}

std::optional<time_point> context::authorities_end() const {
  std::optional<time_point> result;
  if (authorities_.empty())
    return result;
  auto* all = X509_STORE_get0_objects(SSL_CTX_get_cert_store(get()));
  for (int i = 0; i < sk_X509_OBJECT_num(all); ++i)
    if (auto* one = X509_OBJECT_get0_X509(sk_X509_OBJECT_value(all, i)))
      result = std::max(result.value_or(end_of(one)), end_of(one));
  return result;
}

std::string to_string(validity::time_point x) {
  auto seconds = std::chrono::system_clock::to_time_t(x);
  std::tm parts{};
  std::array<char, 64> line{};
  gmtime_r(&seconds, &parts);
  auto size = std::strftime(line.data(), line.size(), "%b %e %H:%M:%S %Y GMT",
                            &parts);
  return {line.data(), size};
}

} // namespace parlor::tls
