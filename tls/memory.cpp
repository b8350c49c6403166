// SPDX-License-Identifier: MIT
#include "tls/memory.hpp"

#include <openssl/bio.h>

#include <algorithm>
#include <cstddef>
#include <exception>
#include <new>

namespace parlor::tls {

namespace {

memory& memory_of(BIO* bio) noexcept {
  return *static_cast<memory*>(BIO_get_data(bio));
}

int read(BIO* bio, char* into, int size) noexcept {
  auto& unseen = memory_of(bio).unseen;
  auto n = std::min(unseen.size(), static_cast<size_t>(size));
  BIO_clear_retry_flags(bio);
  if (n == 0) {
    BIO_set_retry_read(bio);
    return -1;
  }
  std::copy_n(unseen.data(), n, into);
  unseen.remove_prefix(n);
  return static_cast<int>(n);
}

int write(BIO* bio, const char* bytes, int size) noexcept {
  BIO_clear_retry_flags(bio);
  try {
    memory_of(bio).sealed.append(bytes, static_cast<size_t>(size));
    return size;
  } catch (const std::exception&) {
    return -1;
  }
}

long control(BIO*, int what, long, void*) noexcept {
  return what == BIO_CTRL_FLUSH ? 1 : 0;
}

BIO_METHOD* make_method() {
  auto* result = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK,
                              "parlor");
  if (result == nullptr)
    throw std::bad_alloc{};
  BIO_meth_set_read(result, read);
  BIO_meth_set_write(result, write);
  BIO_meth_set_ctrl(result, control);
  return result;
}

} // namespace

bio_st* make_bio(memory& on) {
  // One for all, to the end of the process.
  static const BIO_METHOD* const method = make_method();
  auto* result = BIO_new(method);
  if (result == nullptr)
    throw std::bad_alloc{};
  BIO_set_data(result, &on);
  BIO_set_init(result, 1);
  return result;
}

} // namespace parlor::tls
