// SPDX-License-Identifier: MIT
#include "messages/keyed_hash.hpp"

#include <sys/random.h>

#include <cerrno>
#include <system_error>

namespace parlor {

sip_key random_sip_key() {
  sip_key result;
  if (getentropy(&result, sizeof(result)) != 0)
    throw std::system_error{errno, std::generic_category(), "getentropy"};
  return result;
}

sip_key keyed_hash::key_ = random_sip_key();

size_t keyed_hash::operator()(std::string_view text) const noexcept {
  return sip_hash<1, 3>(key_, text);
}

} // namespace parlor
