// SPDX-License-Identifier: MIT
#pragma once

#include "transport/intake.hpp"

#include <cerrno>
#include <cstddef>
#include <span>
#include <string_view>

#include <linux/sockios.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

/// A connected socket's calls, which never block.
namespace parlor::transport::plain_socket {

/// Reads once.
inline intake read(int socket, std::span<char> into) noexcept {
  using state = intake::state;
  auto got = ::recv(socket, into.data(), into.size(), MSG_DONTWAIT);
  if (got > 0)
    return {static_cast<size_t>(got), static_cast<size_t>(got) == into.size()
                                        ? state::more
                                        : state::emptied};
  if (got == 0)
    return {0, state::ended};
  if (errno == EAGAIN || errno == EWOULDBLOCK)
    return {0, state::dry};
  return {0, errno == EINTR ? state::more : state::broken};
}

/// How many of these bytes the kernel took; negative where nothing can be sent
/// any more.
inline ptrdiff_t write(int socket, std::string_view bytes) noexcept {
  for (;;) {
    auto sent = ::send(socket, bytes.data(), bytes.size(),
                       MSG_DONTWAIT | MSG_NOSIGNAL);
    if (sent >= 0)
      return sent;
    if (errno == EAGAIN || errno == EWOULDBLOCK)
      return 0;
    if (errno != EINTR)
      return -1;
  }
}

/// Bytes that the kernel took and the peer has not acknowledged.
inline size_t unacknowledged(int socket) noexcept {
  int result = 0;
  return ::ioctl(socket, SIOCOUTQ, &result) == 0 && result > 0
           ? static_cast<size_t>(result)
           : 0;
}

} // namespace parlor::transport::plain_socket
