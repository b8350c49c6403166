// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

struct ssl_ctx_st;

namespace parlor::transport {

/// Why a certificate and its key are of no use.
struct tls_problem {
  /// Of which of the two.
  enum class part { certificate, key } of = part::certificate;
  /// As in "holds no certificate in PEM".
  std::string what;
};

/// A certificate with its key, and the rules by which TLS is spoken with it: 1.2
/// or 1.3, forward secret, no renegotiation. Immutable, so shared by all threads
/// and by the connections that began under it.
class tls_identity {
public:
  using result = std::variant<std::shared_ptr<const tls_identity>, tls_problem>;

  /// From texts in PEM: the certificate with those that vouch for it behind it,
  /// and the key, not encrypted.
  static result make(std::string_view certificate, std::string_view key);

  /// Whether the certificate's time is over, or has not come.
  bool is_out_of_date() const;

  /// When the certificate ends, as in "Nov 21 11:00:00 2026 GMT".
  std::string ends() const;

  /// Whether both show the same certificate.
  bool same_certificate(const tls_identity& other) const;

  /// For new connections; OpenSSL counts who uses it.
  ssl_ctx_st* context() const noexcept { return context_.get(); }

private:
  struct release {
    void operator()(ssl_ctx_st* x) const noexcept;
  };

  using context_ptr = std::unique_ptr<ssl_ctx_st, release>;

  explicit tls_identity(context_ptr context) noexcept
    : context_{std::move(context)} {}

  context_ptr context_;
};

} // namespace parlor::transport
