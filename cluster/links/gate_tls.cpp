// SPDX-License-Identifier: MIT
#include "cluster/links/gate_tls.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>

namespace parlor::cluster {

void context_closer::operator()(SSL_CTX* x) const noexcept {
  SSL_CTX_free(x);
}

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
  return result.empty() ? "the connection ended" : result;
}

} // namespace parlor::cluster
