// SPDX-License-Identifier: MIT
#pragma once

#include "auth/algorithm.hpp"

#include <string>
#include <string_view>

namespace parlor {

/// What is wrong with the content of a key file, or empty: a secret has 32
/// bytes at least (RFC 7518 §3.2), an RSA key 2048 bits (§3.3), an EC key is on
/// P-256 (§3.4), and either is one public key in PEM, alone in its file.
std::string_view complaint_of_key(token_algorithm algorithm,
                                  const std::string& content);

/// The key in a file's content: a line break behind a secret that is text is
/// the editor's.
std::string key_of(token_algorithm algorithm, std::string content);

} // namespace parlor
