// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

struct bio_st;

namespace parlor::tls {

/// What OpenSSL has in place of a socket: its owner does the sending and receiving.
/// Not thread-safe.
struct memory {
  /// What was received, and OpenSSL has not seen.
  std::string_view unseen;
  /// What OpenSSL wants to be sent.
  std::string sealed;
};

/// OpenSSL's way to such memory, which is there for as long as that: for
/// SSL_set_bio. Throws std::bad_alloc. A write for which there is no memory fails.
bio_st* make_bio(memory& on);

} // namespace parlor::tls
