// SPDX-License-Identifier: MIT
#include "tests/bench/limit/client.hpp"

#include <sys/epoll.h>
#include <sys/socket.h>

#include <cerrno>

namespace parlor::bench::limit {

namespace {

/// Bytes that the kernel took, or -1 with errno.
ssize_t send_some(const client& c, std::string_view bytes) {
  return send(c.fd, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
}

void watch_writes(int epoll, client& c, bool wanted) {
  epoll_event event{};
  event.events = EPOLLIN;
  if (wanted)
    event.events |= EPOLLOUT;
  event.data.ptr = &c;
  epoll_ctl(epoll, EPOLL_CTL_MOD, c.fd, &event);
}

} // namespace

void put(int epoll, client& c, std::string_view bytes) {
  if (!c.unsent.empty()) {
    c.unsent += bytes;
    return;
  }
  auto sent = send_some(c, bytes);
  if (sent < 0 && errno != EAGAIN)
    return;
  if (sent < 0)
    sent = 0;
  if (const auto taken = static_cast<size_t>(sent); taken < bytes.size()) {
    watch_writes(epoll, c, true);
    c.unsent += bytes.substr(taken);
  }
}

void put_rest(int epoll, client& c) {
  if (c.unsent.empty())
    return;
  if (const auto sent = send_some(c, c.unsent); sent > 0)
    c.unsent.erase(0, static_cast<size_t>(sent));
  if (c.unsent.empty())
    watch_writes(epoll, c, false);
}

} // namespace parlor::bench::limit
