// SPDX-License-Identifier: MIT
#include "tests/transport/tls_client.hpp"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <csignal>

#include <sys/socket.h>
#include <sys/time.h>

namespace parlor::test {

namespace {

SSL* begin(int socket, const tls_manners& how) {
  // SSL_write knows no MSG_NOSIGNAL.
  std::signal(SIGPIPE, SIG_IGN);
  timeval limit{patience.count(), 0};
  ::setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  ::setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
  auto* context = SSL_CTX_new(TLS_client_method());
  SSL_CTX_set_min_proto_version(context, TLS1_VERSION);
  SSL_CTX_set_max_proto_version(context, how.newest_version);
  // Old versions need signatures that OpenSSL 3 refuses otherwise.
  SSL_CTX_set_cipher_list(context, "DEFAULT:@SECLEVEL=0");
  auto* result = SSL_new(context);
  SSL_CTX_free(context);
  SSL_set_fd(result, socket);
  if (!how.offers.empty())
    SSL_set_alpn_protos(
      result, reinterpret_cast<const unsigned char*>(how.offers.data()),
      unsigned(how.offers.size()));
  return result;
}

std::string text_of(BIO* from) {
  char* data = nullptr;
  auto size = BIO_get_mem_data(from, &data);
  std::string result(data, size_t(size));
  BIO_free(from);
  return result;
}

} // namespace

tls_client::tls_client(uint16_t port, tls_manners how)
  : client{port, how.receive_buffer}, ssl_{begin(socket(), how)} {
  ERR_clear_error();
  if (SSL_connect(ssl_.get()) != 1)
    throw disappointment{"no handshake"};
}

tls_client::~tls_client() = default;

std::string tls_client::chosen() const {
  const unsigned char* name = nullptr;
  unsigned size = 0;
  SSL_get0_alpn_selected(ssl_.get(), &name, &size);
  return {reinterpret_cast<const char*>(name), size};
}

bool tls_client::heard_close_notify() const {
  return (SSL_get_shutdown(ssl_.get()) & SSL_RECEIVED_SHUTDOWN) != 0;
}

void tls_client::say_close_notify() {
  SSL_shutdown(ssl_.get());
}

void tls_client::update_keys() {
  SSL_key_update(ssl_.get(), SSL_KEY_UPDATE_REQUESTED);
}

ptrdiff_t tls_client::put(std::string_view bytes) {
  ERR_clear_error();
  auto sent = SSL_write(ssl_.get(), bytes.data(), int(bytes.size()));
  return sent > 0 ? sent : -1;
}

ptrdiff_t tls_client::take(char* into, size_t n) {
  ERR_clear_error();
  auto got = SSL_read(ssl_.get(), into, int(n));
  if (got > 0)
    return got;
  return SSL_get_error(ssl_.get(), got) == SSL_ERROR_ZERO_RETURN ? 0 : -1;
}

test_certificate make_certificate(const std::string& name, int days) {
  constexpr long day = 86400;
  auto* key = EVP_EC_gen("P-256");
  auto* made = X509_new();
  ASN1_INTEGER_set(X509_get_serialNumber(made), 1);
  X509_gmtime_adj(X509_getm_notBefore(made), -10 * day);
  X509_gmtime_adj(X509_getm_notAfter(made), days * day);
  auto* subject = X509_get_subject_name(made);
  X509_NAME_add_entry_by_txt(
    subject, "CN", MBSTRING_UTF8,
    reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1, 0);
  X509_set_issuer_name(made, subject);
  X509_set_pubkey(made, key);
  X509_sign(made, key, EVP_sha256());
  auto* certificate = BIO_new(BIO_s_mem());
  PEM_write_bio_X509(certificate, made);
  auto* secret = BIO_new(BIO_s_mem());
  PEM_write_bio_PKCS8PrivateKey(secret, key, nullptr, nullptr, 0, nullptr,
                                nullptr);
  X509_free(made);
  EVP_PKEY_free(key);
  return {text_of(certificate), text_of(secret)};
}

} // namespace parlor::test
