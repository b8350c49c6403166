// SPDX-License-Identifier: MIT
#include "transport/tls_channel.hpp"

#include "transport/plain_socket.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>

#include <algorithm>
#include <exception>
#include <new>

namespace parlor::transport {

namespace {

/// Bytes in one record at most (RFC 8446, 5.1), and with all that is around them
/// (RFC 5246, 6.2.3).
constexpr size_t max_record = 16384;
constexpr size_t max_sealed_record = max_record + 2048 + 5;

/// What may wait besides one record: a peer that makes us answer it so much (with
/// key updates) and reads nothing is none.
constexpr size_t max_unasked = 16384;

} // namespace

void tls_channel::release::operator()(ssl_st* x) const noexcept {
  SSL_free(x);
}

tls_channel::tls_channel(const tls_identity& as, tls_scratch& scratch,
                         int socket)
  : ssl_{SSL_new(as.context())}, scratch_{scratch}, socket_{socket} {
  if (!ssl_)
    throw std::bad_alloc{};
  auto* bio = tls::make_bio(scratch_);
  SSL_set_bio(ssl_.get(), bio, bio);
  SSL_set_accept_state(ssl_.get());
}

tls_channel::~tls_channel() = default;

// -- reading ------------------------------------------------------------------

intake tls_channel::read(std::span<char> into) noexcept {
  using state = intake::state;
  if (problem_ != nullptr)
    return {0, state::broken};
  if (ended_)
    return {0, state::ended};
  // What OpenSSL has of a record that is not whole is to fit, too.
  auto room = std::min(scratch_.received.size(),
                       into.size() - std::min(into.size(), max_sealed_record));
  auto got = plain_socket::read(socket_, {scratch_.received.data(), room});
  if (got.bytes == 0)
    return got;
  scratch_.unseen = {scratch_.received.data(), got.bytes};
  auto bytes = unseal(into);
  send_sealed();
  auto more = ended_ || problem_ != nullptr || got.then == state::more;
  return {bytes, more ? state::more : state::emptied};
}

/// Everything that was received, to the last byte.
size_t tls_channel::unseal(std::span<char> into) noexcept {
  size_t result = 0;
  for (;;) {
    size_t got = 0;
    ERR_clear_error();
    auto code = SSL_read_ex(ssl_.get(), into.data() + result,
                            into.size() - result, &got);
    established_ = established_ || SSL_is_init_finished(ssl_.get()) == 1;
    result += got;
    if (code == 1)
      continue;
    switch (SSL_get_error(ssl_.get(), code)) {
      case SSL_ERROR_WANT_READ:
        break;
      case SSL_ERROR_ZERO_RETURN:
        ended_ = true;
        break;
      default:
        fail();
    }
    return result;
  }
}

void tls_channel::fail() noexcept {
  auto error = ERR_peek_error();
  plain_http_ = ERR_GET_LIB(error) == ERR_LIB_SSL
                && ERR_GET_REASON(error) == SSL_R_HTTP_REQUEST;
  auto* text = ERR_reason_error_string(error);
  problem_ = text == nullptr ? "unknown" : text;
  ERR_clear_error();
}

// -- writing ------------------------------------------------------------------

ptrdiff_t tls_channel::write(std::string_view bytes) noexcept {
  size_t taken = 0;
  if (!flush())
    return -1;
  while (unsent_.empty() && taken < bytes.size()) {
    auto piece = bytes.substr(taken, max_record);
    size_t size = 0;
    ERR_clear_error();
    if (SSL_write_ex(ssl_.get(), piece.data(), piece.size(), &size) != 1) {
      fail();
      fall_silent();
    }
    send_sealed();
    if (mute_)
      return -1;
    taken += size;
  }
  return static_cast<ptrdiff_t>(taken);
}

/// Sends what OpenSSL has made, behind what waits.
void tls_channel::send_sealed() noexcept {
  auto& sealed = scratch_.sealed;
  if (!sealed.empty() && !mute_) {
    try {
      auto sent = unsent_.empty() ? transmit(sealed) : 0;
      unsent_.append(sealed, sent);
    } catch (const std::exception&) {
      // Out of memory: bytes are lost, and the connection with them.
      fall_silent();
    }
    if (unsent_.size() > max_sealed_record + max_unasked && established_)
      fall_silent();
  }
  sealed.clear();
}

bool tls_channel::flush() noexcept {
  if (unsent_.empty())
    return !mute_;
  auto sent = transmit(unsent_);
  if (sent < unsent_.size())
    unsent_.erase(0, sent);
  else
    std::string{}.swap(unsent_);
  return !mute_;
}

void tls_channel::fall_silent() noexcept {
  mute_ = true;
  std::string{}.swap(unsent_);
}

size_t tls_channel::transmit(std::string_view bytes) noexcept {
  auto sent = plain_socket::write(socket_, bytes);
  if (sent >= 0)
    return static_cast<size_t>(sent);
  fall_silent();
  return bytes.size();
}

bool tls_channel::say_end() noexcept {
  if (established_ && !said_end_ && problem_ == nullptr) {
    said_end_ = true;
    ERR_clear_error();
    SSL_shutdown(ssl_.get());
    ERR_clear_error();
    send_sealed();
  }
  flush();
  return mute_ || unsent_.empty();
}

} // namespace parlor::transport
