// SPDX-License-Identifier: MIT
#include "cluster/etcd/base64.hpp"

#include <openssl/evp.h>

namespace parlor::etcd {

namespace {

const unsigned char* bytes_of(std::string_view x) {
  return reinterpret_cast<const unsigned char*>(x.data());
}

unsigned char* bytes_of(std::string& x) {
  return reinterpret_cast<unsigned char*>(x.data());
}

} // namespace

std::string to_base64(std::string_view bytes) {
  // EVP_EncodeBlock writes a zero behind it.
  std::string result((bytes.size() + 2) / 3 * 4 + 1, '\0');
  auto size = EVP_EncodeBlock(bytes_of(result), bytes_of(bytes),
                              static_cast<int>(bytes.size()));
  result.resize(static_cast<size_t>(size));
  return result;
}

std::optional<std::string> from_base64(std::string_view text) {
  std::string result(text.size() / 4 * 3, '\0');
  auto size = EVP_DecodeBlock(bytes_of(result), bytes_of(text),
                              static_cast<int>(text.size()));
  if (size < 0 || static_cast<size_t>(size) > result.size())
    return std::nullopt;
  auto padding = text.size() - text.substr(0, text.find('=')).size();
  if (padding > 2)
    return std::nullopt;
  result.resize(static_cast<size_t>(size) - padding);
  // OpenSSL skips blanks and does not look at the last bits.
  if (to_base64(result) != text)
    return std::nullopt;
  return result;
}

} // namespace parlor::etcd
