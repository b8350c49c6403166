// SPDX-License-Identifier: MIT
#include "auth/jwt_verifier.hpp"

#include "auth/base64url.hpp"
#include "messages/wire/claims.hpp"

#include <utility>

namespace parlor {

namespace {

std::string_view name_of(token_algorithm x) {
  switch (x) {
    case token_algorithm::hs256:
      return "HS256";
    case token_algorithm::rs256:
      return "RS256";
    case token_algorithm::es256:
      return "ES256";
    case token_algorithm::none:
      break;
  }
  return "";
}

/// Three parts between dots (RFC 7515 §7.1).
struct compact_token {
  std::string header;
  std::string payload;
  std::string signature;
  /// Header and payload as they were sent.
  std::string_view signed_text;
};

std::optional<compact_token> split(std::string_view token) {
  auto first = token.find('.');
  auto last = token.rfind('.');
  if (first == last || token.find('.', first + 1) != last)
    return std::nullopt;
  auto header = decode_base64url(token.substr(0, first));
  auto payload = decode_base64url(token.substr(first + 1, last - first - 1));
  auto signature = decode_base64url(token.substr(last + 1));
  if (!header || !payload || !signature)
    return std::nullopt;
  return compact_token{*std::move(header), *std::move(payload),
                       *std::move(signature), token.substr(0, last)};
}

} // namespace

jwt_verifier::jwt_verifier(token_algorithm algorithm, std::string key,
                           token_rules rules)
  : algorithm_{algorithm},
    signature_{algorithm, std::move(key)},
    rules_{std::move(rules)} {}

std::variant<claims, token_refusal>
jwt_verifier::verify(const std::string& token,
                     std::chrono::system_clock::time_point now) const {
  if (token.size() > max_token_bytes)
    return token_refusal{"token is too long"};
  auto parts = split(token);
  if (!parts
      || wire::decode_token_algorithm(parts->header) != name_of(algorithm_))
    return token_refusal{"token is not ours"};
  // It may have been signed with the key before this one.
  if (!signature_.accepts(parts->signed_text, parts->signature))
    return token_refusal{"token is not ours", true};
  return wire::decode_claims(parts->payload, now, rules_);
}

} // namespace parlor
