// SPDX-License-Identifier: MIT
#include "auth/jwt_verifier.hpp"

#include "messages/wire/claims.hpp"

#include <cstdlib>
#include <memory>
#include <utility>

#include <jwt.h>
#include <openssl/err.h>

namespace parlor {

namespace {

using jwt_ptr = std::unique_ptr<jwt_t, decltype(&jwt_free)>;
using text_ptr = std::unique_ptr<char, decltype(&std::free)>;

jwt_alg to_jwt(token_algorithm x) {
  switch (x) {
    case token_algorithm::hs256:
      return JWT_ALG_HS256;
    case token_algorithm::rs256:
      return JWT_ALG_RS256;
    case token_algorithm::es256:
      return JWT_ALG_ES256;
    case token_algorithm::none:
      break;
  }
  return JWT_ALG_INVAL;
}

jwt_ptr decoded(const std::string& token, const std::string& key) {
  jwt_t* result = nullptr;
  jwt_decode(&result, token.c_str(),
             reinterpret_cast<const unsigned char*>(key.data()),
             static_cast<int>(key.size()));
  // What OpenSSL has against a signature would wait for the next who asks.
  ERR_clear_error();
  return {result, jwt_free};
}

} // namespace

jwt_verifier::jwt_verifier(token_algorithm algorithm, std::string key)
  : algorithm_{algorithm}, key_{std::move(key)} {}

std::variant<claims, token_refusal>
jwt_verifier::verify(const std::string& token,
                     std::chrono::system_clock::time_point now) const {
  if (token.size() > max_token_bytes)
    return token_refusal{"token is too long"};
  // libjwt reads up to a NUL.
  if (token.find('\0') != std::string::npos)
    return token_refusal{"token is not ours"};
  auto jwt = decoded(token, key_);
  // libjwt checks by the algorithm that the token names: an HS256 whose secret
  // is our public key would pass that.
  if (!jwt || jwt_get_alg(jwt.get()) != to_jwt(algorithm_))
    return token_refusal{"token is not ours"};
  // Extensions that must be understood, and are not (RFC 7515 §4.1.11).
  if (text_ptr critical{jwt_get_headers_json(jwt.get(), "crit"), std::free})
    return token_refusal{"token is not ours"};
  text_ptr payload{jwt_get_grants_json(jwt.get(), nullptr), std::free};
  if (!payload)
    return token_refusal{"token has no claims"};
  return wire::decode_claims(payload.get(), now);
}

} // namespace parlor
