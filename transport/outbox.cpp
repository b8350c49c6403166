// SPDX-License-Identifier: MIT
#include "transport/outbox.hpp"

#include <cerrno>
#include <exception>
#include <span>

#include <sys/socket.h>

namespace parlor::transport {

namespace {

/// FIN and opcode of a close frame (RFC 6455 §5.2).
constexpr char close_frame = char(0x88);

/// Control frames always have room; a peer that makes us store this many
/// bytes of them reads nothing and is no better than any slow consumer.
constexpr size_t control_reserve = 65536;

/// Up to here, bytes that had to wait are sent together with new frames.
constexpr size_t worth_joining = 16384;

/// The code in a close frame; `no_status` where it has none.
close_code code_of(std::string_view frame) {
  if (frame.size() < 4)
    return close_code::no_status;
  return static_cast<close_code>(uint8_t(frame[2]) << 8 | uint8_t(frame[3]));
}

} // namespace

void outbox::append(std::string_view bytes) {
  if (dead_ || sealed() || bytes.empty())
    return;
  store_queue();
  auto closes = opened_ && bytes.front() == close_frame;
  if (!closes && waiting() + bytes.size() > capacity_ + control_reserve) {
    fail(trouble::overflow);
    return mark();
  }
  if (stored_.empty())
    progress_at_ = clock::now();
  stored_ += bytes;
  if (closes) {
    close_sent_ = code_of(bytes);
    listening_ = false;
  }
  mark();
}

void outbox::mark() {
  if (marked_)
    return;
  turn_.mark(*this);
  marked_ = true;
}

void outbox::flush() noexcept {
  try {
    if (dead_)
      return release();
    if (!stored_.empty() && !blocked_) {
      if (stored_.size() <= worth_joining)
        store_queue();
      send_stored();
    }
    if (blocked_)
      store_queue();
    else
      send_queue();
  } catch (const std::exception&) {
    // Out of memory: the order of bytes is lost, and the connection with it.
    fail(trouble::broken);
  }
}

void outbox::end_of_turn() noexcept {
  marked_ = false;
  flush();
  if (trouble_ > told_) {
    told_ = trouble_;
    owner_.on_trouble(trouble_);
  }
}

size_t outbox::transmit(std::string_view bytes) noexcept {
  turn_.count_send();
  for (;;) {
    auto sent = ::send(socket_.native_handle(), bytes.data(), bytes.size(),
                       MSG_DONTWAIT | MSG_NOSIGNAL);
    if (sent >= 0)
      return static_cast<size_t>(sent);
    if (errno == EAGAIN || errno == EWOULDBLOCK)
      return 0;
    if (errno != EINTR) {
      fail(trouble::broken);
      return 0;
    }
  }
}

void outbox::send_queue() {
  size_t done = 0;
  while (done < count_) {
    size_t taken = 0;
    auto piece = turn_.gather({queue_.data() + done, count_ - done}, taken);
    auto sent = transmit(piece);
    if (dead_)
      return;
    done += taken;
    if (sent < piece.size()) {
      progress_at_ = clock::now();
      stored_.assign(piece.substr(sent));
      block();
      return store_queue(done);
    }
  }
  count_ = 0;
}

void outbox::send_stored() {
  auto sent = transmit(std::string_view{stored_}.substr(taken_));
  if (dead_)
    return;
  if (sent > 0)
    progress_at_ = clock::now();
  taken_ += sent;
  if (taken_ < stored_.size())
    return block();
  std::string{}.swap(stored_);
  taken_ = 0;
}

void outbox::store_queue(size_t from) {
  auto count = count_;
  count_ = 0;
  // Bytes that are gone are moved over only when they are the larger part.
  if (taken_ > stored_.size() / 2) {
    stored_.erase(0, taken_);
    taken_ = 0;
  }
  for (auto i = from; i < count; ++i) {
    if (stored_.size() - taken_ > capacity_)
      return fail(trouble::overflow);
    if (stored_.empty())
      progress_at_ = clock::now();
    stored_ += turn_.bytes(queue_[i]);
  }
}

void outbox::block() {
  blocked_ = true;
  owner_.on_blocked();
  socket_.async_wait(tcp_socket::wait_write,
                     [this, held = owner_.hold()](error_code err) {
                       blocked_ = false;
                       if (err)
                         fail(trouble::broken);
                       if (socket_.is_open())
                         mark();
                     });
}

size_t outbox::waiting() const noexcept {
  auto result = stored_.size() - taken_;
  for (size_t i = 0; i < count_; ++i)
    result += turn_.bytes(queue_[i]).size();
  return result;
}

void outbox::release() noexcept {
  count_ = 0;
  taken_ = 0;
  std::string{}.swap(stored_);
}

void outbox::fail(trouble what) noexcept {
  listening_ = false;
  if (what == trouble::broken) {
    dead_ = true;
    release();
  }
  if (what > trouble_)
    trouble_ = what;
}

void outbox::shut() noexcept {
  error_code ignored; // The peer may be gone: then there is nobody to tell.
  socket_.shutdown(tcp_socket::shutdown_send, ignored);
}

void outbox::close() noexcept {
  fail(trouble::broken);
  told_ = trouble::broken;
  error_code ignored; // The descriptor is released whatever close() says.
  socket_.close(ignored);
}

} // namespace parlor::transport
