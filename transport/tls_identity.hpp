// SPDX-License-Identifier: MIT
#pragma once

#include "tls/context.hpp"

#include <memory>
#include <string_view>
#include <utility>
#include <variant>

namespace parlor::transport {

using tls_problem = tls::problem;

/// A certificate with its key, and the rules by which TLS is spoken with it: 1.2
/// or 1.3, forward secret, no renegotiation. Immutable, so shared by all threads
/// and by the connections that began under it.
class tls_identity {
public:
  using result = std::variant<std::shared_ptr<const tls_identity>, tls_problem>;

  /// From texts in PEM: the certificate with those that vouch for it behind it,
  /// and the key, not encrypted.
  static result make(std::string_view certificate, std::string_view key);

  /// What was read from them.
  const tls::context& files() const noexcept { return context_; }

  /// For new connections; OpenSSL counts who uses it.
  ssl_ctx_st* context() const noexcept { return context_.get(); }

private:
  explicit tls_identity(tls::context context) noexcept
    : context_{std::move(context)} {}

  tls::context context_;
};

} // namespace parlor::transport
