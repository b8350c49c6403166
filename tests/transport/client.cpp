// SPDX-License-Identifier: MIT
#include "tests/transport/client.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace parlor::test {

namespace {

std::string header_of(uint8_t head, size_t size) {
  constexpr auto masked = 0x80u;
  std::string result(1, char(head));
  auto put_length = [&](int bytes) {
    while (bytes-- > 0)
      result += char(uint64_t(size) >> (8 * bytes));
  };
  if (size < 126) {
    result += char(masked | size);
  } else if (size < 65536) {
    result += char(masked | 126u);
    put_length(2);
  } else {
    result += char(masked | 127u);
    put_length(8);
  }
  return result;
}

} // namespace

unsigned wire_frame::code() const {
  if (payload.size() < 2)
    return 0;
  return unsigned(uint8_t(payload[0])) << 8 | uint8_t(payload[1]);
}

std::string wire_frame::reason() const {
  return payload.size() < 2 ? "" : payload.substr(2);
}

client::client(uint16_t port, int receive_buffer)
  : fd_{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)} {
  if (receive_buffer > 0)
    ::setsockopt(fd_, SOL_SOCKET, SO_RCVBUF, &receive_buffer,
                 sizeof receive_buffer);
  sockaddr_in where{};
  where.sin_family = AF_INET;
  where.sin_port = htons(port);
  where.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(fd_, reinterpret_cast<sockaddr*>(&where), sizeof where) != 0)
    throw disappointment{"cannot connect"};
}

client::~client() {
  if (fd_ >= 0)
    ::close(fd_);
}

void client::wait_for(short events) {
  pollfd what{fd_, events, 0};
  auto limit = std::chrono::milliseconds{patience};
  if (::poll(&what, 1, int(limit.count())) <= 0)
    throw disappointment{"nothing happened in time"};
}

void client::send(std::string_view bytes) {
  while (!bytes.empty()) {
    wait_for(POLLOUT);
    auto sent = put(bytes);
    if (sent < 0)
      throw disappointment{"the server is gone"};
    bytes.remove_prefix(size_t(sent));
  }
}

bool client::send_some(std::string_view bytes) {
  return put(bytes) >= 0;
}

ptrdiff_t client::put(std::string_view bytes) {
  auto sent = ::send(fd_, bytes.data(), bytes.size(),
                     MSG_NOSIGNAL | MSG_DONTWAIT);
  return sent < 0 && errno == EAGAIN ? 0 : sent;
}

ptrdiff_t client::take(char* into, size_t n) {
  wait_for(POLLIN);
  return ::recv(fd_, into, n, 0);
}

void client::send_frame(uint8_t head, std::string_view payload) {
  constexpr std::array<char, 4> mask{0x12, 0x34, 0x56, 0x78};
  auto bytes = header_of(head, payload.size());
  bytes.append(mask.data(), mask.size());
  for (size_t i = 0; i < payload.size(); ++i)
    bytes += char(payload[i] ^ mask[i % 4]);
  send(bytes);
}

void client::send_close(unsigned code, std::string_view reason) {
  std::string payload;
  if (code != 0) {
    payload += char(code >> 8);
    payload += char(code);
    payload += reason;
  }
  send_frame(close_head, payload);
}

size_t client::receive(char* into, size_t n) {
  if (!early_.empty()) {
    n = std::min(n, early_.size());
    std::memcpy(into, early_.data(), n);
    early_.erase(0, n);
    return n;
  }
  auto got = take(into, n);
  if (got < 0)
    throw disappointment{"the server has broken off"};
  return size_t(got);
}

std::string client::read_exactly(size_t n) {
  std::string result(n, '\0');
  for (size_t had = 0; had < n;) {
    auto got = receive(result.data() + had, n - had);
    if (got == 0)
      throw disappointment{"the server has ended"};
    had += got;
  }
  return result;
}

std::string client::read_until(std::string_view text) {
  std::string result;
  std::array<char, 4096> piece;
  for (;;) {
    if (auto at = result.find(text); at != result.npos) {
      early_.insert(0, result.substr(at + text.size()));
      result.resize(at + text.size());
      return result;
    }
    auto got = receive(piece.data(), piece.size());
    if (got == 0)
      throw disappointment{"the server has ended"};
    result.append(piece.data(), got);
  }
}

wire_frame client::read_frame() {
  auto start = read_exactly(2);
  auto size = size_t(uint8_t(start[1]));
  if (size >= 126) {
    auto length = read_exactly(size == 126 ? 2 : 8);
    size = 0;
    for (auto c : length)
      size = size << 8 | uint8_t(c);
  }
  return {uint8_t(start[0]), read_exactly(size)};
}

wire_frame client::read_answer() {
  for (;;)
    if (auto result = read_frame(); result.head != ping_head)
      return result;
}

std::string client::read_head() {
  return read_until("\r\n\r\n");
}

std::string client::read_body(const std::string& head) {
  constexpr std::string_view name = "Content-Length: ";
  auto at = head.find(name);
  if (at == head.npos)
    return "";
  return read_exactly(
    std::strtoul(head.c_str() + at + name.size(), nullptr, 10));
}

std::string upgrade_request(std::string_view target,
                            std::string_view more_headers) {
  std::string result = "GET ";
  result += target;
  result += " HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n"
            "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
  result += more_headers;
  return result + "\r\n";
}

std::string client::upgrade(std::string_view target,
                            std::string_view more_headers) {
  send(upgrade_request(target, more_headers));
  return read_head();
}

ending client::wait_end() {
  char one;
  if (!early_.empty())
    throw disappointment{"something follows"};
  auto got = take(&one, 1);
  if (got > 0)
    throw disappointment{"something follows"};
  finish_sending();
  return got == 0 ? ending::eof : ending::reset;
}

ending client::drop_all() {
  std::array<char, 65536> piece;
  early_.clear();
  for (;;) {
    auto got = take(piece.data(), piece.size());
    if (got <= 0)
      return got == 0 ? ending::eof : ending::reset;
  }
}

void client::finish_sending() {
  ::shutdown(fd_, SHUT_WR);
}

void client::reset() {
  linger hard{1, 0};
  ::setsockopt(fd_, SOL_SOCKET, SO_LINGER, &hard, sizeof hard);
  ::close(fd_);
  fd_ = -1;
}

} // namespace parlor::test
