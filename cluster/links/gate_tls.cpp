// SPDX-License-Identifier: MIT
#include "cluster/links/gate_tls.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

namespace parlor::cluster {

void context_closer::operator()(SSL_CTX* x) const noexcept {
  SSL_CTX_free(x);
}

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
    return "nodes would refuse it as a "
           + std::string{role == X509_PURPOSE_SSL_CLIENT ? "client" : "server"}
           + "'s: " + why;
  }
  return {};
}

} // namespace

std::variant<std::unique_ptr<SSL_CTX, context_closer>, std::string>
make_context(const gate_files& files) {
  std::unique_ptr<SSL_CTX, context_closer> result{SSL_CTX_new(TLS_method())};
  auto* x = result.get();
  auto wrong = [](const std::string& file) {
    return file + ": " + tls_problem();
  };
  ERR_clear_error();
  SSL_CTX_set_min_proto_version(x, TLS1_3_VERSION);
  SSL_CTX_set_verify(x, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT,
                     nullptr);
  // Nobody resumes: a certificate is shown each time.
  SSL_CTX_set_num_tickets(x, 0);
  SSL_CTX_set_session_cache_mode(x, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_mode(x, SSL_MODE_ENABLE_PARTIAL_WRITE
                        | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER
                        | SSL_MODE_RELEASE_BUFFERS);
  if (SSL_CTX_load_verify_file(x, files.ca.c_str()) != 1)
    return wrong(files.ca);
  if (SSL_CTX_use_certificate_chain_file(x, files.certificate.c_str()) != 1)
    return wrong(files.certificate);
  if (SSL_CTX_use_PrivateKey_file(x, files.key.c_str(), SSL_FILETYPE_PEM) != 1
      || SSL_CTX_check_private_key(x) != 1)
    return wrong(files.key);
  if (auto problem = problem_of_own(x); !problem.empty())
    return files.certificate + ": " + problem;
  return result;
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
