// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include <openssl/evp.h>
#include <openssl/hmac.h>

namespace parlor::test {

/// Base64 without fillers, safe in URLs (RFC 7515 §2).
inline std::string base64url(std::string_view bytes) {
  std::string result(4 * (bytes.size() / 3 + 1) + 1, '\0');
  auto size = EVP_EncodeBlock(
    reinterpret_cast<unsigned char*>(result.data()),
    reinterpret_cast<const unsigned char*>(bytes.data()),
    static_cast<int>(bytes.size()));
  result.resize(static_cast<size_t>(size));
  std::replace(result.begin(), result.end(), '+', '-');
  std::replace(result.begin(), result.end(), '/', '_');
  result.erase(std::min(result.find('='), result.size()));
  return result;
}

/// HS256 (RFC 7518 §3.2).
inline std::string signature_of(std::string_view text, const std::string& key) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest;
  unsigned size = 0;
  HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
       reinterpret_cast<const unsigned char*>(text.data()), text.size(),
       digest.data(), &size);
  return base64url({reinterpret_cast<char*>(digest.data()), size});
}

/// Of header and payload in Base64 already.
inline std::string signed_by(const std::string& key, const std::string& text) {
  return text + '.' + signature_of(text, key);
}

inline std::string signed_token(std::string_view header,
                                std::string_view payload,
                                const std::string& key) {
  return signed_by(key, base64url(header) + '.' + base64url(payload));
}

} // namespace parlor::test
