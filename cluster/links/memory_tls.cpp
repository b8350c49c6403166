// SPDX-License-Identifier: MIT
#include "cluster/links/memory_tls.hpp"

#include "cluster/links/gate_tls.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <openssl/err.h>
#include <openssl/ssl.h>

namespace parlor::cluster {

namespace {

/// The plain text of the largest TLS record (RFC 8446 §5.1).
constexpr size_t record_bytes = 16 << 10;

} // namespace

memory_tls::memory_tls(std::unique_ptr<SSL, ssl_closer> connection)
  : connection_{std::move(connection)} {
  auto* bio = tls::make_bio(memory_);
  SSL_set_bio(connection_.get(), bio, bio);
}

bool memory_tls::open(std::string_view sealed, std::vector<char>& to) {
  memory_.unseen = sealed;
  std::array<char, record_bytes> plain;
  for (;;) {
    // OpenSSL has one list of errors a thread: what is in it is another's.
    ERR_clear_error();
    auto count = SSL_read(connection_.get(), plain.data(), plain.size());
    if (count > 0) {
      to.insert(to.end(), plain.data(), plain.data() + count);
      continue;
    }
    auto why = SSL_get_error(connection_.get(), count);
    if (why == SSL_ERROR_WANT_READ || why == SSL_ERROR_WANT_WRITE)
      return true;
    if (why == SSL_ERROR_SSL)
      problem_ = tls_problem();
    return false;
  }
}

void memory_tls::seal(std::string_view plain, std::vector<char>& to) {
  while (!plain.empty()) {
    ERR_clear_error();
    auto some = std::min(plain.size(), record_bytes);
    auto count = SSL_write(connection_.get(), plain.data(),
                           static_cast<int>(some));
    // Memory takes all of it, unless TLS has ended, which `open` says.
    if (count <= 0)
      break;
    plain.remove_prefix(static_cast<size_t>(count));
  }
  // With what TLS itself has to say.
  to.insert(to.end(), memory_.sealed.begin(), memory_.sealed.end());
  memory_.sealed.clear();
}

} // namespace parlor::cluster
