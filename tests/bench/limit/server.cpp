// SPDX-License-Identifier: MIT
#include "tests/bench/limit/server.hpp"

#include "tests/bench/limit/frame.hpp"
#include "tests/bench/limit/handshake.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <system_error>

namespace parlor::bench::limit {

namespace {

int listen_on(uint16_t port) {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
  const int on = 1;
  setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const auto* any = reinterpret_cast<const sockaddr*>(&address);
  constexpr int backlog = 4096;
  if (bind(fd, any, sizeof address) != 0 || listen(fd, backlog) != 0)
    throw std::system_error(errno, std::generic_category(), "listen");
  return fd;
}

/// `c` is null for the listener.
void watch(int epoll, int fd, client* c) {
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.ptr = c;
  epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event);
}

} // namespace

server::server(uint16_t port, hub::mode how)
  : listener_(listen_on(port)),
    epoll_(epoll_create1(0)),
    hub_(epoll_, how),
    buffer_(1u << 18) {
  watch(epoll_, listener_, nullptr);
}

void server::run() {
  std::vector<epoll_event> events(1024);
  for (;;) {
    const auto n = epoll_wait(epoll_, events.data(),
                              static_cast<int>(events.size()), -1);
    for (int i = 0; i < n; ++i)
      handle(events[static_cast<size_t>(i)]);
    hub_.flush();
    dropped_.clear();
  }
}

void server::handle(const epoll_event& event) {
  if (event.data.ptr == nullptr) {
    accept_some();
    return;
  }
  auto& c = *static_cast<client*>(event.data.ptr);
  if (c.fd < 0)
    return;
  if ((event.events & EPOLLOUT) != 0)
    put_rest(epoll_, c);
  if ((event.events & (EPOLLIN | EPOLLERR | EPOLLHUP)) != 0)
    readable(c);
}

void server::accept_some() {
  constexpr int in_one_turn = 64;
  for (int i = 0; i < in_one_turn; ++i) {
    const int fd = accept4(listener_, nullptr, nullptr, SOCK_NONBLOCK);
    if (fd < 0)
      return;
    const int on = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    // Owned by its epoll entry until `drop`.
    auto* c = new client{};
    c->fd = fd;
    watch(epoll_, fd, c);
  }
}

void server::readable(client& c) {
  const auto kept = c.partial.size();
  std::memcpy(buffer_.data(), c.partial.data(), kept);
  const auto n = recv(c.fd, buffer_.data() + kept, buffer_.size() - kept, 0);
  if (n <= 0) {
    if (n == 0 || errno != EAGAIN)
      drop(c);
    return;
  }
  char* at = buffer_.data();
  const char* end = at + kept + n;
  if (!c.open)
    at = upgrade(c, at, end);
  if (at != nullptr)
    frames(c, at, end);
}

char* server::upgrade(client& c, char* at, const char* end) {
  constexpr std::string_view name = "Sec-WebSocket-Key: ";
  const std::string_view request{at, static_cast<size_t>(end - at)};
  const auto size = request.find("\r\n\r\n");
  if (size == std::string_view::npos) {
    c.partial = request;
    return nullptr;
  }
  const auto key = request.find(name);
  if (key >= size) {
    drop(c);
    return nullptr;
  }
  const auto value = request.substr(key + name.size());
  put(epoll_, c, upgrade_answer(value.substr(0, value.find('\r'))));
  c.open = true;
  return at + size + 4;
}

void server::frames(client& c, char* at, const char* end) {
  using kind = client_frame::kind;
  for (;;) {
    const auto frame = read_frame(at, end);
    if (frame.what == kind::incomplete)
      break;
    if (frame.what == kind::refused || frame.what == kind::close) {
      drop(c);
      return;
    }
    if (frame.what == kind::ping)
      put(epoll_, c, make_frame(frame.payload, pong_frame));
    else
      hub_.handle(c, frame.payload);
    at += frame.size;
  }
  c.partial.assign(static_cast<const char*>(at), end);
  constexpr size_t small = 64;
  if (c.partial.empty() && c.partial.capacity() > small)
    c.partial.shrink_to_fit();
}

void server::drop(client& c) {
  hub_.leave(c);
  close(c.fd);
  c.fd = -1;
  dropped_.emplace_back(&c);
}

} // namespace parlor::bench::limit
