// SPDX-License-Identifier: MIT
#include "cluster/links/memory_tls.hpp"

#include "cluster/links/gate_tls.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <new>
#include <utility>

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>

namespace parlor::cluster {

namespace {

/// The plain text of the largest TLS record (RFC 8446 §5.1).
constexpr size_t record_bytes = 16 << 10;

} // namespace

struct memory_tls::memory_bio {
  static memory_tls& owner(BIO* of) {
    return *static_cast<memory_tls*>(BIO_get_data(of));
  }

  static int read(BIO* bio, char* to, int size) {
    auto& unread = owner(bio).unread_;
    BIO_clear_retry_flags(bio);
    if (unread.empty()) {
      BIO_set_retry_read(bio);
      return -1;
    }
    auto count = std::min(unread.size(), static_cast<size_t>(size));
    std::memcpy(to, unread.data(), count);
    unread.remove_prefix(count);
    return static_cast<int>(count);
  }

  static int write(BIO* bio, const char* from, int size) {
    auto& to = owner(bio).written_;
    BIO_clear_retry_flags(bio);
    to.insert(to.end(), from, from + size);
    return size;
  }

  static long control(BIO*, int what, long, void*) {
    return what == BIO_CTRL_FLUSH ? 1 : 0;
  }

  static BIO_METHOD* make_method() {
    auto* result = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK,
                                "parlor links");
    if (result == nullptr)
      throw std::bad_alloc{};
    BIO_meth_set_read(result, read);
    BIO_meth_set_write(result, write);
    BIO_meth_set_ctrl(result, control);
    return result;
  }

  static BIO* make(memory_tls& owner) {
    // Of the whole process, as OpenSSL has it.
    static BIO_METHOD* const method = make_method();
    auto* result = BIO_new(method);
    if (result == nullptr)
      throw std::bad_alloc{};
    BIO_set_data(result, &owner);
    BIO_set_init(result, 1);
    return result;
  }
};

memory_tls::memory_tls(std::unique_ptr<SSL, ssl_closer> connection)
  : connection_{std::move(connection)} {
  auto* bio = memory_bio::make(*this);
  SSL_set_bio(connection_.get(), bio, bio);
}

bool memory_tls::open(std::string_view sealed, std::vector<char>& to) {
  unread_ = sealed;
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
  to.insert(to.end(), written_.begin(), written_.end());
  written_.clear();
}

} // namespace parlor::cluster
