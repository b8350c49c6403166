// SPDX-License-Identifier: MIT
#pragma once

#include "transport/descriptor.hpp"
#include "transport/intake.hpp"
#include "transport/plain_socket.hpp"
#include "transport/tls_channel.hpp"

#include <cstddef>
#include <memory>
#include <span>
#include <string_view>
#include <utility>

#include <sys/ioctl.h>
#include <sys/socket.h>

namespace parlor::transport {

/// A connected socket, by itself or with TLS on it: the one place that knows the
/// difference. Owns it; nothing blocks. Not thread-safe.
class stream {
public:
  /// Plain where `tls` is nullptr.
  explicit stream(descriptor socket,
                  std::unique_ptr<tls_channel> tls = nullptr) noexcept
    : socket_{std::move(socket)}, tls_{std::move(tls)} {}

  /// Negative once it is closed.
  int socket() const noexcept { return socket_.get(); }

  bool is_secure() const noexcept { return tls_ != nullptr; }

  /// Whether anything can be said: a handshake is over, or there is none.
  bool is_established() const noexcept {
    return !tls_ || tls_->is_established();
  }

  /// The TLS on it; nullptr where it is plain.
  const tls_channel* tls() const noexcept { return tls_.get(); }

  /// Reads what there is. With TLS it takes at least 32 KiB of room, and may
  /// bring no bytes of many.
  intake read(std::span<char> into) noexcept {
    return tls_ ? tls_->read(into) : plain_socket::read(socket_.get(), into);
  }

  /// Whether the kernel has something that was not read, also of a peer that has
  /// reset the connection.
  bool has_input() const noexcept {
    int bytes = 0;
    return ::ioctl(socket_.get(), FIONREAD, &bytes) == 0 && bytes > 0;
  }

  /// How many of these bytes are on their way, so that they need not be
  /// written again; negative where nothing can be sent any more.
  ptrdiff_t write(std::string_view bytes) noexcept {
    return tls_ ? tls_->write(bytes)
                : plain_socket::write(socket_.get(), bytes);
  }

  /// Bytes that were taken and have not left: nothing is taken until they have.
  size_t waiting() const noexcept { return tls_ ? tls_->waiting() : 0; }

  /// Memory for these.
  size_t held() const noexcept { return tls_ ? tls_->held() : 0; }

  /// Bytes that were taken and that the peer is not known to have.
  size_t under_way() const noexcept {
    return waiting() + plain_socket::unacknowledged(socket_.get());
  }

  /// Sends what waits, as far as the kernel takes it; false where nothing can be
  /// sent any more.
  bool flush() noexcept { return !tls_ || tls_->flush(); }

  /// Tells the peer that nothing follows; false where that has to wait for the
  /// kernel, and is to be asked again.
  bool shut() noexcept {
    if (tls_ && !tls_->say_end())
      return false;
    ::shutdown(socket_.get(), SHUT_WR);
    return true;
  }

  /// Goes on without TLS, for a peer that does not speak it.
  void strip() noexcept { tls_.reset(); }

  /// At once; what waits is dropped.
  void close() noexcept {
    if (tls_ && socket_.is_open())
      tls_->say_end();
    tls_.reset();
    socket_.close();
  }

private:
  descriptor socket_;
  std::unique_ptr<tls_channel> tls_;
};

} // namespace parlor::transport
