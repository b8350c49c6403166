// SPDX-License-Identifier: MIT
#include "transport/tls_identity.hpp"

#include <openssl/ssl.h>

#include <new>
#include <utility>

namespace parlor::transport {

namespace {

/// Of TLS 1.2: forward secret, with authenticated encryption. Those of 1.3 are so
/// anyway.
constexpr auto ciphers = "ECDHE+AESGCM:ECDHE+CHACHA20";

/// Tickets for coming back that a client of TLS 1.3 gets.
constexpr size_t tickets = 1;

constexpr std::string_view spoken = "\x08http/1.1";

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

tls_identity::result tls_identity::make(std::string_view certificate,
                                        std::string_view key) {
  tls::context context{TLS_server_method()};
  set_rules(*context.get());
  auto problem = context.take_certificates(certificate);
  if (!problem)
    problem = context.take_key(key, "tls.certificate");
  if (problem)
    return *std::move(problem);
  return std::shared_ptr<const tls_identity>{
    new tls_identity{std::move(context)}};
}

} // namespace parlor::transport
