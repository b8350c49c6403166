// SPDX-License-Identifier: MIT
#pragma once

#include "auth/algorithm.hpp"
#include "auth/signature.hpp"
#include "messages/token.hpp"

#include <string>

namespace parlor {

/// Verifies JSON Web Tokens in compact form (RFC 7519, RFC 7515 §7.1). The
/// algorithm is the configured one, whatever a token names. Of the header only
/// `alg` and `crit` count (RFC 7515 §4.1); `typ`, `cty` and `kid` are ignored.
class jwt_verifier final : public token_verifier {
public:
  /// `key` is a secret or a public key in PEM for which complaint_of_key() is
  /// empty. `rules` are what `aud` and `iss` have to be.
  jwt_verifier(token_algorithm algorithm, std::string key,
               token_rules rules = {});

  std::variant<claims, token_refusal>
  verify(const std::string& token,
         std::chrono::system_clock::time_point now) const override;

private:
  token_algorithm algorithm_;
  signature_check signature_;
  token_rules rules_;
};

} // namespace parlor
