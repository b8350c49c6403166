// SPDX-License-Identifier: MIT
#include "transport/net.hpp"

#include <array>
#include <cerrno>

#include <sys/socket.h>

namespace parlor::transport {

bool swallow(tcp_socket& socket) noexcept {
  constexpr int most_reads = 16;
  std::array<char, 4096> dropped;
  for (int i = 0; i < most_reads; ++i) {
    auto got = ::recv(socket.native_handle(), dropped.data(), dropped.size(),
                      MSG_DONTWAIT);
    if (got < 0)
      return errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR;
    if (got == 0)
      return true;
  }
  return false;
}

} // namespace parlor::transport
