// SPDX-License-Identifier: MIT
#pragma once

#include "auth/algorithm.hpp"

#include <memory>
#include <string>
#include <string_view>

#include <openssl/types.h>

namespace parlor {

/// A public key of OpenSSL's. Reading it is thread-safe.
using public_key = std::shared_ptr<EVP_PKEY>;

/// The public key in PEM at the beginning of a text, or nullptr.
public_key read_public_key(std::string_view pem);

/// Checks signatures of one algorithm with one key (RFC 7518 §3.2 to §3.4), by
/// OpenSSL. Thread-safe: nothing in it changes.
class signature_check {
public:
  /// `key` is the secret of HS256, and else a public key in PEM. Where it does
  /// not fit the algorithm, no signature is right.
  signature_check(token_algorithm algorithm, std::string key);

  /// Whether `signature`, as bytes, is the key holder's for `text`.
  bool accepts(std::string_view text, std::string_view signature) const;

private:
  token_algorithm algorithm_;
  /// Empty but for HS256.
  std::string secret_;
  /// nullptr for HS256.
  public_key key_;
};

} // namespace parlor
