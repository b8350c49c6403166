// SPDX-License-Identifier: MIT
#include "cluster/links/gate_tls.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

#include <memory>
#include <optional>
#include <utility>

namespace parlor::cluster {

namespace {

struct store_context_closer {
  void operator()(X509_STORE_CTX* x) const noexcept { X509_STORE_CTX_free(x); }
};

/// Why other nodes would refuse this node's own certificate, if their authority and
/// their clock are the same: a node that nobody can link to must not come in.
std::string problem_of_own(SSL_CTX* x) {
  STACK_OF(X509)* chain = nullptr;
  SSL_CTX_get0_chain_certs(x, &chain);
  for (auto role : {X509_PURPOSE_SSL_CLIENT, X509_PURPOSE_SSL_SERVER}) {
    std::unique_ptr<X509_STORE_CTX, store_context_closer> judge{
      X509_STORE_CTX_new()};
    X509_STORE_CTX_init(judge.get(), SSL_CTX_get_cert_store(x),
                        SSL_CTX_get0_certificate(x), chain);
    X509_STORE_CTX_set_purpose(judge.get(), role);
    if (X509_verify_cert(judge.get()) == 1)
      continue;
    std::string why = X509_verify_cert_error_string(
      X509_STORE_CTX_get_error(judge.get()));
    return "is of no use: nodes would refuse it as a "
           + std::string{role == X509_PURPOSE_SSL_CLIENT ? "client" : "server"}
           + "'s: " + why;
  }
  return {};
}

} // namespace

std::variant<tls::context_ptr, tls::problem>
make_context(const tls::texts& from) {
  tls::context result{TLS_method()};
  auto* x = result.get();
  SSL_CTX_set_min_proto_version(x, TLS1_3_VERSION);
  SSL_CTX_set_verify(x, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT,
                     nullptr);
  // Nobody resumes: a certificate is shown each time.
  SSL_CTX_set_num_tickets(x, 0);
  SSL_CTX_set_session_cache_mode(x, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_mode(x, SSL_MODE_ENABLE_PARTIAL_WRITE
                        | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER
                        | SSL_MODE_RELEASE_BUFFERS);
  auto wrong = result.take_authorities(from.authority.value_or(""));
  if (!wrong)
    wrong = result.take_certificates(from.certificate.value_or(""));
  if (!wrong)
    wrong = result.take_key(from.key.value_or(""), "openssl.certificate");
  if (wrong)
    return *std::move(wrong);
  if (auto why = problem_of_own(x); !why.empty())
    return tls::problem{tls::problem::part::certificate, std::move(why)};
  return std::make_shared<const tls::context>(std::move(result));
}

std::string verdict_on_peer(SSL* of) {
  auto code = SSL_get_verify_result(of);
  if (code == X509_V_OK)
    return {};
  return std::string{": "} + X509_verify_cert_error_string(code);
}

std::string tls_problem() {
  std::string result;
  // The first one is the cause; the rest is where it came through.
  if (auto code = ERR_get_error()) {
    auto* reason = ERR_reason_error_string(code);
    result = reason ? reason : "error " + std::to_string(code);
  }
  ERR_clear_error();
  return result.empty() ? no_tls_problem : result;
}

} // namespace parlor::cluster
