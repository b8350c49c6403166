// SPDX-License-Identifier: MIT
#include "transport/outbox.hpp"

#include <cerrno>
#include <exception>
#include <span>
#include <utility>

#include <sys/socket.h>

namespace parlor::transport {

namespace {

/// Control frames always have room; a peer that makes us store this many
/// bytes of them reads nothing and is no better than any slow consumer.
constexpr size_t control_reserve = 65536;

/// Up to here, bytes that had to wait are sent together with new frames.
constexpr size_t worth_joining = 16384;

} // namespace

void outbox::append(std::string_view bytes) {
  if (dead_ || sealed_)
    return;
  store_queue();
  if (waiting() + bytes.size() > capacity_ + control_reserve) {
    fail(trouble::overflow);
    return mark();
  }
  store(bytes);
}

void outbox::append_last(std::string_view close_frame) {
  if (dead_ || sealed_)
    return;
  store_queue();
  sealed_ = true;
  listening_ = false;
  store(close_frame);
}

void outbox::store(std::string_view bytes) {
  if (stored_.empty())
    progress_at_ = clock::now();
  stored_ += bytes;
  mark();
}

void outbox::shut_when_drained() {
  listening_ = false;
  shutting_ = true;
  mark();
}

void outbox::writable() {
  if (std::exchange(blocked_, false) && !dead_)
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
  if (shutting_ && !dead_ && drained()) {
    shutting_ = false;
    ::shutdown(socket_.get(), SHUT_WR);
    owner_.on_shut();
  }
  if (trouble_ > told_) {
    told_ = trouble_;
    owner_.on_trouble(trouble_);
  }
}

size_t outbox::transmit(std::string_view bytes) noexcept {
  turn_.count_send();
  for (;;) {
    auto sent = ::send(socket_.get(), bytes.data(), bytes.size(),
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

void outbox::close() noexcept {
  fail(trouble::broken);
  told_ = trouble::broken;
  socket_.close();
}

} // namespace parlor::transport
