// SPDX-License-Identifier: MIT
#include "transport/tls_identity.hpp"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <array>
#include <new>
#include <optional>
#include <utility>

namespace parlor::transport {

namespace {

/// Of TLS 1.2: forward secret, with authenticated encryption. Those of 1.3 are so
/// anyway.
constexpr auto ciphers = "ECDHE+AESGCM:ECDHE+CHACHA20";

/// Tickets for coming back that a client of TLS 1.3 gets.
constexpr size_t tickets = 1;

constexpr std::string_view spoken = "\x08http/1.1";

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

/// What is wrong with a certificate and those behind it.
std::optional<std::string> take_certificates(SSL_CTX& into,
                                             std::string_view text) {
  auto from = reader_of(text);
  auto own = next_certificate(*from);
  if (!own)
    return at_end() ? "holds no certificate in PEM"
                    : "cannot be understood: " + reason();
  if (SSL_CTX_use_certificate(&into, own.get()) != 1)
    return "is refused: " + reason();
  while (auto voucher = next_certificate(*from)) {
    if (SSL_CTX_add0_chain_cert(&into, voucher.get()) != 1)
      return "is refused: " + reason();
    // It belongs to the chain now.
    static_cast<void>(voucher.release());
  }
  if (!at_end())
    return "cannot be understood: " + reason();
  return std::nullopt;
}

/// The same with its key, once the certificate is there.
std::optional<std::string> take_key(SSL_CTX& into, std::string_view text) {
  auto asked = false;
  key_ptr key{PEM_read_bio_PrivateKey(reader_of(text).get(), nullptr,
                                      no_passphrase, &asked)};
  if (asked)
    return "is encrypted: it is read without a passphrase";
  // OpenSSL's words for these two are the same.
  if (!key && text.find("PRIVATE KEY-----") == text.npos)
    return "holds no private key in PEM";
  if (!key)
    return "cannot be understood: " + reason();
  auto* own = SSL_CTX_get0_certificate(&into);
  if (X509_check_private_key(own, key.get()) != 1) {
    ERR_clear_error();
    return "is not the key of tls.certificate";
  }
  if (SSL_CTX_use_PrivateKey(&into, key.get()) != 1)
    return "is refused: " + reason();
  return std::nullopt;
}

/// Whoever offers protocols (ALPN) and not ours is turned away.
int choose_protocol(SSL*, const unsigned char** chosen, unsigned char* size,
                    const unsigned char* offered, unsigned offered_size,
                    void*) {
  unsigned char* result = nullptr;
  auto* own = reinterpret_cast<const unsigned char*>(spoken.data());
  if (SSL_select_next_proto(&result, size, own,
                            static_cast<unsigned>(spoken.size()), offered,
                            offered_size)
      != OPENSSL_NPN_NEGOTIATED)
    return SSL_TLSEXT_ERR_ALERT_FATAL;
  *chosen = result;
  return SSL_TLSEXT_ERR_OK;
}

void set_rules(SSL_CTX& of) {
  auto good = SSL_CTX_set_min_proto_version(&of, TLS1_2_VERSION) == 1
              && SSL_CTX_set_cipher_list(&of, ciphers) == 1
              && SSL_CTX_set_num_tickets(&of, tickets) == 1;
  if (!good)
    throw std::bad_alloc{};
  SSL_CTX_set_options(&of, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
  // An idle connection has no buffers.
  SSL_CTX_set_mode(&of, SSL_MODE_RELEASE_BUFFERS);
  SSL_CTX_set_session_cache_mode(&of, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_alpn_select_cb(&of, choose_protocol, nullptr);
}

} // namespace

void tls_identity::release::operator()(ssl_ctx_st* x) const noexcept {
  SSL_CTX_free(x);
}

tls_identity::result tls_identity::make(std::string_view certificate,
                                        std::string_view key) {
  using part = tls_problem::part;
  ERR_clear_error();
  context_ptr context{SSL_CTX_new(TLS_server_method())};
  if (!context)
    throw std::bad_alloc{};
  set_rules(*context);
  if (auto problem = take_certificates(*context, certificate))
    return tls_problem{part::certificate, std::move(*problem)};
  if (auto problem = take_key(*context, key))
    return tls_problem{part::key, std::move(*problem)};
  return std::shared_ptr<const tls_identity>{
    new tls_identity{std::move(context)}};
}

bool tls_identity::is_out_of_date() const {
  auto* own = SSL_CTX_get0_certificate(context_.get());
  return X509_cmp_current_time(X509_get0_notBefore(own)) > 0
         || X509_cmp_current_time(X509_get0_notAfter(own)) < 0;
}

bool tls_identity::same_certificate(const tls_identity& other) const {
  return X509_cmp(SSL_CTX_get0_certificate(context_.get()),
                  SSL_CTX_get0_certificate(other.context_.get()))
         == 0;
}

std::string tls_identity::ends() const {
  auto* own = SSL_CTX_get0_certificate(context_.get());
  bio_ptr text{BIO_new(BIO_s_mem())};
  std::array<char, 64> line{};
  if (text && ASN1_TIME_print(text.get(), X509_get0_notAfter(own)) == 1)
    BIO_gets(text.get(), line.data(), static_cast<int>(line.size()));
  return line.data();
}

} // namespace parlor::transport
