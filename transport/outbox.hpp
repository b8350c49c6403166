// SPDX-License-Identifier: MIT
#pragma once

#include "messages/error.hpp"
#include "transport/net.hpp"
#include "transport/turn.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace parlor::transport {

/// What can happen to an outbox, the worse the later.
enum class trouble : uint8_t {
  none,
  /// More waits than may wait.
  overflow,
  /// The socket takes nothing any more.
  broken,
};

/// Who an outbox belongs to: the session of its socket. Called on the I/O
/// thread only.
class outbox_owner {
public:
  virtual ~outbox_owner() = default;

  /// Keeps the owner alive while the result lives.
  virtual std::shared_ptr<void> hold() = 0;

  /// The kernel takes no more for now.
  virtual void on_blocked() = 0;

  /// Something is wrong; told at the end of a turn, once for each kind.
  virtual void on_trouble(trouble what) noexcept = 0;

  /// A read begins, so the one before it, if any, has brought something.
  virtual void on_read() noexcept = 0;

  /// The WebSocket conversation is over; the socket is about to be shut down.
  virtual void on_teardown() noexcept = 0;
};

/// All that one socket is sent: frames of this turn by index, and bytes that
/// Beast hands down, in the order of the calls. One send() a turn; what the
/// kernel does not take is stored, up to a limit. Not thread-safe.
class outbox {
public:
  outbox(tcp_socket socket, turn& now, size_t capacity, outbox_owner& owner)
    : socket_{std::move(socket)},
      turn_{now},
      capacity_{capacity},
      owner_{owner} {}

  outbox(const outbox&) = delete;
  outbox& operator=(const outbox&) = delete;

  tcp_socket& socket() noexcept { return socket_; }

  outbox_owner& owner() noexcept { return owner_; }

  /// From now on frames may be pushed: the handshake's answer was handed down.
  void open() noexcept {
    listening_ = true;
    opened_ = true;
  }

  /// From now on frames that are pushed are dropped.
  void deafen() noexcept { listening_ = false; }

  /// Queues a frame of this turn.
  void push(turn::index what) {
    if (!listening_)
      return;
    if (count_ == queue_.size())
      flush();
    queue_[count_++] = what;
    mark();
  }

  /// Queues bytes behind all frames so far: what Beast hands down in one call,
  /// and pings. A close frame seals: nothing follows it.
  void append(std::string_view bytes);

  /// The code of the close frame that was handed down; `abnormal` before.
  close_code close_sent() const noexcept { return close_sent_; }

  /// Sends what there is, as far as the kernel takes it.
  void flush() noexcept;

  /// Flushes, and tells the owner of trouble.
  void end_of_turn() noexcept;

  /// Bytes that the kernel has not taken yet.
  size_t waiting() const noexcept;

  /// Bytes wait from an earlier turn, or so many from this one that more might
  /// be too much: no time for what may be left out.
  bool lags() const noexcept {
    return !stored_.empty() || waiting() > capacity_ / 2;
  }

  /// Nothing waits, or nothing can be sent any more.
  bool drained() const noexcept { return dead_ || waiting() == 0; }

  /// When the kernel last took something of what had to wait.
  clock::time_point progress_at() const noexcept { return progress_at_; }

  /// Says to the peer that nothing follows.
  void shut() noexcept;

  /// Closes the socket at once; what waits is dropped.
  void close() noexcept;

private:
  bool sealed() const noexcept { return close_sent_ != close_code::abnormal; }

  void mark();
  size_t transmit(std::string_view bytes) noexcept;
  void send_queue();
  void send_stored();
  void store_queue(size_t from = 0);
  void block();
  void release() noexcept;
  void fail(trouble what) noexcept;

  tcp_socket socket_;
  turn& turn_;
  size_t capacity_;
  outbox_owner& owner_;
  clock::time_point progress_at_{};
  /// What the kernel did not take; the first `taken_` bytes it did meanwhile.
  std::string stored_;
  size_t taken_ = 0;
  std::array<turn::index, turn::max_gather> queue_;
  uint8_t count_ = 0;
  bool opened_ = false;
  bool listening_ = false;
  close_code close_sent_ = close_code::abnormal;
  bool marked_ = false;
  bool blocked_ = false;
  bool dead_ = false;
  trouble trouble_ = trouble::none;
  trouble told_ = trouble::none;
};

} // namespace parlor::transport
