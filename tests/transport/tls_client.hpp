// SPDX-License-Identifier: MIT
#pragma once

#include "tests/transport/client.hpp"

#include <openssl/ssl.h>

#include <memory>
#include <string>

namespace parlor::test {

/// What of a client's TLS is to be other than usual.
struct tls_manners {
  int newest_version = TLS1_3_VERSION;
  /// Protocols that are offered (ALPN), each behind its length.
  std::string offers;
  /// As in client.
  int receive_buffer = 0;
};

/// The same client, whose bytes go through OpenSSL on a blocking socket. It trusts
/// whomever it finds.
class tls_client : public client {
public:
  /// Makes the handshake; throws where that fails.
  explicit tls_client(uint16_t port, tls_manners how = {});
  ~tls_client() override;

  SSL* ssl() { return ssl_.get(); }

  /// The protocol that the server chose.
  std::string chosen() const;

  /// Whether the server has said that nothing follows.
  bool heard_close_notify() const;

  /// Says that nothing follows, and goes on to listen.
  void say_close_notify();

  /// Asks the server for new keys, and gets one record as answer.
  void update_keys();

protected:
  ptrdiff_t put(std::string_view bytes) override;
  ptrdiff_t take(char* into, size_t n) override;

private:
  struct release {
    void operator()(SSL* x) const { SSL_free(x); }
  };

  std::unique_ptr<SSL, release> ssl_;
};

/// A certificate that signs itself, and its key, in PEM.
struct test_certificate {
  std::string certificate;
  std::string key;
};

/// A new one; `days` from now it ends.
test_certificate make_certificate(const std::string& name = "localhost",
                                  int days = 1);

} // namespace parlor::test
