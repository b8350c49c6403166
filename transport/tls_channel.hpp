// SPDX-License-Identifier: MIT
#pragma once

#include "tls/memory.hpp"
#include "transport/intake.hpp"
#include "transport/tls_identity.hpp"

#include <array>
#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>

struct ssl_st;

namespace parlor::transport {

/// What the TLS connections of one I/O thread need while they read or write, and
/// only then. Not thread-safe.
struct tls_scratch : tls::memory {
  /// What the kernel gave.
  std::array<char, 65536> received;
};

/// TLS on one socket, the server's side; the handshake is made as it is read. Reads
/// with one recv() and sends a record with one send(): OpenSSL sees memory alone,
/// and what the kernel does not take is kept here, so that nothing has to be
/// written twice. Borrows the socket and the scratch. Not thread-safe.
class tls_channel {
public:
  tls_channel(const tls_identity& as, tls_scratch& scratch, int socket);
  ~tls_channel();

  tls_channel(const tls_channel&) = delete;
  tls_channel& operator=(const tls_channel&) = delete;

  // -- as in stream.hpp -------------------------------------------------------

  bool is_established() const noexcept { return established_; }

  intake read(std::span<char> into) noexcept;

  ptrdiff_t write(std::string_view bytes) noexcept;

  size_t waiting() const noexcept { return unsent_.size(); }

  size_t held() const noexcept {
    return unsent_.capacity() - std::string{}.capacity();
  }

  bool flush() noexcept;

  // -- of TLS -----------------------------------------------------------------

  /// Says close_notify; false as long as it has not left.
  bool say_end() noexcept;

  /// The peer has begun with a request in plain HTTP. It was told nothing yet.
  bool heard_plain_http() const noexcept { return plain_http_; }

  /// Why reading failed; nullptr where it did not. A literal of OpenSSL's.
  const char* problem() const noexcept { return problem_; }

private:
  struct release {
    void operator()(ssl_st* x) const noexcept;
  };

  size_t unseal(std::span<char> into) noexcept;
  void fail() noexcept;
  void send_sealed() noexcept;
  void fall_silent() noexcept;
  size_t transmit(std::string_view bytes) noexcept;

  std::unique_ptr<ssl_st, release> ssl_;
  tls_scratch& scratch_;
  /// What the kernel did not take.
  std::string unsent_;
  const char* problem_ = nullptr;
  int socket_;
  bool established_ = false;
  bool plain_http_ = false;
  /// The peer has said close_notify.
  bool ended_ = false;
  /// We have.
  bool said_end_ = false;
  /// Nothing can be sent any more.
  bool mute_ = false;
};

} // namespace parlor::transport
