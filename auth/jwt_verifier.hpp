// SPDX-License-Identifier: MIT
#pragma once

#include "auth/algorithm.hpp"
#include "messages/token.hpp"

#include <string>

namespace parlor {

/// Judges JSON Web Tokens in compact form (RFC 7519, RFC 7515 §7.1) by libjwt.
/// The algorithm is the configured one, whatever a token says of itself.
class jwt_verifier final : public token_verifier {
public:
  /// `key` is a secret or a public key in PEM that complaint_of_key() has
  /// nothing against.
  jwt_verifier(token_algorithm algorithm, std::string key);

  std::variant<claims, token_refusal>
  verify(const std::string& token,
         std::chrono::system_clock::time_point now) const override;

private:
  token_algorithm algorithm_;
  std::string key_;
};

} // namespace parlor
