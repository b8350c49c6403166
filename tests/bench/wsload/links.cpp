// SPDX-License-Identifier: MIT
#include "tests/bench/wsload/links.hpp"

#include "tests/bench/wsload/time.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace parlor::bench::wsload {

links::links(state& st) : st_(st), epoll_(epoll_create1(EPOLL_CLOEXEC)) {
  // nop
}

links::~links() {
  ::close(epoll_);
}

void links::start(client& c) {
  c.state = phase::connecting;
  c.partial.clear();
  c.marker_at = 0;
  c.rules_used = 0;
  c.received = 0;
  c.published = false;
  c.started_at = now();
  ++st_.now.opening;
  if (const auto* failed = connect(c); failed != nullptr)
    fail(c, failed);
}

const char* links::connect(client& c) {
  c.fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (c.fd < 0)
    return "socket";
  const int on = 1;
  setsockopt(c.fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  if (const int size = st_.opts.receive_buffer; size != 0)
    setsockopt(c.fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof size);
  if (!st_.dest.sources.empty() && !bind_source(c))
    return "bind";
  const auto* address = reinterpret_cast<const sockaddr*>(&st_.dest.address);
  if (::connect(c.fd, address, sizeof st_.dest.address) != 0
      && errno != EINPROGRESS)
    return "connect";
  epoll_event event{};
  event.events = EPOLLIN | EPOLLOUT;
  event.data.u32 = c.id;
  c.wants_write = true;
  const auto added = epoll_ctl(epoll_, EPOLL_CTL_ADD, c.fd, &event);
  return added == 0 ? nullptr : "epoll_ctl";
}

bool links::bind_source(client& c) {
  const int on = 1;
  setsockopt(c.fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on);
  sockaddr_in from{};
  from.sin_family = AF_INET;
  from.sin_addr = st_.dest.sources[c.id % st_.dest.sources.size()];
  return bind(c.fd, reinterpret_cast<const sockaddr*>(&from), sizeof from) == 0;
}

void links::send_upgrade(client& c) {
  text_ = "GET ";
  st_.says.path.render(
    text_, st_.opts.stamp_marker,
    {c.id + st_.opts.id_base, c.room, c.peer, {c.started_at, 0, 0}});
  text_ += " HTTP/1.1\r\nHost: " + st_.dest.host + ':' + st_.dest.port
           + "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
             "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
             "Sec-WebSocket-Version: 13\r\n";
  if (!st_.opts.subprotocol.empty())
    text_ += "Sec-WebSocket-Protocol: " + st_.opts.subprotocol + "\r\n";
  for (const auto& header : st_.opts.headers)
    text_ += header + "\r\n";
  text_ += "\r\n";
  c.state = phase::upgrading;
  const auto sent = ::send(c.fd, text_.data(), text_.size(),
                           MSG_NOSIGNAL | MSG_DONTWAIT);
  if (sent != static_cast<ssize_t>(text_.size()))
    fail(c, "send of the upgrade request");
  else
    watch_writes(c, false);
}

void links::opened(client& c) {
  --st_.now.opening;
  c.state = phase::open;
  ++st_.now.open;
  st_.handshake.add(now() - c.started_at);
  for (const auto& text : st_.says.on_open)
    send_template(c, text);
  if (st_.opts.ready_marker.empty())
    set_ready(c);
}

void links::set_ready(client& c) {
  if (c.ready)
    return;
  c.ready = true;
  ++st_.now.ready;
  st_.ready_after.add(now() - c.started_at);
}

void links::writable(client& c) {
  if (c.state == phase::connecting) {
    int error = 0;
    socklen_t size = sizeof error;
    getsockopt(c.fd, SOL_SOCKET, SO_ERROR, &error, &size);
    errno = error;
    if (error != 0)
      fail(c, "connect");
    else
      send_upgrade(c);
    return;
  }
  if (!c.unsent.empty()) {
    const auto sent = ::send(c.fd, c.unsent.data(), c.unsent.size(),
                             MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent < 0) {
      if (errno != EAGAIN)
        fail(c, "send");
      return;
    }
    c.unsent.erase(0, static_cast<size_t>(sent));
    if (!c.unsent.empty())
      return;
  }
  watch_writes(c, false);
}

bool links::send(client& c, std::string_view bytes) {
  if (c.fd < 0)
    return false;
  size_t sent = 0;
  if (c.unsent.empty()) {
    const auto n = ::send(c.fd, bytes.data(), bytes.size(),
                          MSG_NOSIGNAL | MSG_DONTWAIT);
    if (n < 0 && errno != EAGAIN)
      return false;
    if (n < 0)
      ++st_.count.blocked_sends;
    else
      sent = static_cast<size_t>(n);
  }
  if (sent < bytes.size()) {
    c.unsent += bytes.substr(sent);
    watch_writes(c, true);
  }
  return true;
}

void links::send_frame(client& c, opcode type, std::string_view payload) {
  frame_.clear();
  append_frame(frame_, type, payload);
  send(c, frame_);
}

void links::send_template(client& c, const text_template& text) {
  text_.clear();
  const auto number = c.publisher == no_publisher ? 0 : c.publisher;
  text.render(
    text_, st_.opts.stamp_marker,
    {c.id + st_.opts.id_base, c.room, c.peer, {now(), number, c.seq}});
  send_frame(c, data_opcode(), text_);
}

void links::drop(client& c, close how) {
  if (c.fd >= 0) {
    if (how == close::reset) {
      const linger at_once{1, 0};
      setsockopt(c.fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    }
    ::close(c.fd);
    c.fd = -1;
  }
  if (c.state == phase::open)
    --st_.now.open;
  if (c.state == phase::connecting || c.state == phase::upgrading)
    --st_.now.opening;
  if (c.ready)
    --st_.now.ready;
  c.ready = false;
  c.state = phase::dead;
  c.wants_write = false;
  c.partial.clear();
  c.unsent.clear();
}

void links::fail(client& c, const char* why) {
  st_.note("connection " + std::to_string(c.id) + ": " + why + " (errno "
           + std::to_string(errno) + ' ' + std::strerror(errno) + ')');
  if (c.state == phase::open)
    ++st_.count.died;
  else
    ++st_.now.failed;
  if (c.state == phase::connecting)
    ++st_.count.connect_failed;
  if (c.state == phase::upgrading)
    ++st_.count.upgrade_failed;
  drop(c, close::reset);
}

void links::watch_writes(client& c, bool wanted) {
  if (c.wants_write == wanted)
    return;
  c.wants_write = wanted;
  epoll_event event{};
  event.events = EPOLLIN;
  if (wanted)
    event.events |= EPOLLOUT;
  event.data.u32 = c.id;
  epoll_ctl(epoll_, EPOLL_CTL_MOD, c.fd, &event);
}

} // namespace parlor::bench::wsload
