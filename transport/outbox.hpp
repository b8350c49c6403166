// SPDX-License-Identifier: MIT
#pragma once

#include "transport/net.hpp"
#include "transport/stream.hpp"
#include "transport/turn.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
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

  /// The kernel takes no more for now.
  virtual void on_blocked() = 0;

  /// Something is wrong; told at the end of a turn, once for each kind.
  virtual void on_trouble(trouble what) noexcept = 0;

  /// All was sent, and the peer was told that nothing follows.
  virtual void on_shut() noexcept = 0;
};

/// All that one socket is sent: frames of this turn by index, and other bytes,
/// in the order of the calls. One send() a turn, and with TLS one record; what the
/// kernel does not take is stored, up to a limit. Owns the socket. Not thread-safe.
class outbox {
public:
  /// `reach` is the peer's, see permessage_deflate.hpp.
  outbox(stream socket, turn& now, size_t capacity, uint8_t reach,
         outbox_owner& owner)
    : turn_{now},
      owner_{owner},
      socket_{std::move(socket)},
      reach_{reach},
      capacity_{capacity} {
    turn_.count_held(static_cast<ptrdiff_t>(held()));
  }

  outbox(const outbox&) = delete;
  outbox& operator=(const outbox&) = delete;

  /// The socket; negative once it is closed.
  int socket() const noexcept { return socket_.socket(); }

  /// Reads from the socket, as stream::read does.
  intake read(std::span<char> into) noexcept;

  /// Whether there is something that was not read.
  bool has_input() const noexcept { return socket_.has_input(); }

  /// Which frames the peer takes compressed, see permessage_deflate.hpp.
  uint8_t reach() const noexcept { return reach_; }

  /// From now on frames that are pushed are dropped.
  void deafen() noexcept { listening_ = false; }

  /// Queues a frame of this turn.
  void push(turn::index what) {
    if (!listening_)
      return turn_.count_drop(drop::closing);
    if (count_ == queue_.size()) {
      flush();
      // It may have been closed by that.
      if (!listening_)
        return turn_.count_drop(drop::closing);
    }
    queue_[count_++] = what;
    mark();
  }

  /// Queues the handshake's answer, before anything else: it is never cut.
  void begin(std::string_view answer);

  /// Queues bytes behind all frames so far: control frames.
  void append(std::string_view bytes);

  /// Queues a close frame. Nothing follows it.
  void append_last(std::string_view close_frame);

  /// Says to the peer that nothing follows, as soon as nothing waits.
  void shut_when_drained();

  /// Lets so many bytes more wait, until there is room again.
  void grant(size_t bytes) noexcept { granted_ += bytes; }

  /// Not more than half of what may wait does.
  bool has_room() const noexcept { return waiting() <= capacity_ / 2; }

  /// The kernel takes something again.
  void writable();

  /// Sends what there is, as far as the kernel takes it.
  void flush() noexcept;

  /// Flushes, and tells the owner of trouble.
  void end_of_turn() noexcept;

  /// Bytes that the kernel has not taken yet.
  size_t waiting() const noexcept;

  /// Memory for what the kernel did not take.
  size_t held() const noexcept {
    return stored_.capacity() - std::string{}.capacity() + socket_.held();
  }

  /// Drops what waits, but for the rest of a frame that the kernel has taken a
  /// part of.
  void cut();

  /// Bytes wait from an earlier turn, or so many from this one that more might
  /// be too much: no time for what may be left out.
  bool lags() const noexcept {
    return blocked_ || !stored_.empty() || !has_room();
  }

  /// Nothing waits, or nothing can be sent any more.
  bool drained() const noexcept { return dead_ || waiting() == 0; }

  /// Nothing can be sent any more.
  bool is_dead() const noexcept { return dead_; }

  /// Something has to wait, and has since `progress_at()`. What was queued in
  /// this turn may yet be taken at once.
  bool waits() const noexcept { return !dead_ && blocked_; }

  /// Where in all that is sent the next byte goes.
  uint64_t end() const noexcept {
    return passed_ + waiting() - socket_.waiting();
  }

  /// How much of that the peer has taken. What it has taken since the last look
  /// is progress: a kernel that holds much takes nothing for long, though the
  /// peer does.
  uint64_t look(clock::time_point now) noexcept;

  clock::time_point looked_at() const noexcept { return looked_at_; }

  /// When something began to wait, or the peer was last seen to have taken some.
  clock::time_point progress_at() const noexcept { return progress_at_; }

  /// Nobody looked for so long.
  void excuse(clock::duration pause, clock::time_point now) noexcept {
    progress_at_ = std::min(progress_at_ + pause, now);
  }

  /// Closes the socket at once; what waits is dropped.
  void close() noexcept;

private:
  void mark();
  void store(std::string_view bytes);
  size_t transmit(std::string_view bytes) noexcept;
  ptrdiff_t seal(std::string_view bytes) noexcept;
  void send_held();
  void shut() noexcept;
  void send_queue();
  void send_stored();
  void store_queue(size_t from = 0);
  size_t next_frame() const noexcept;
  void block();
  void clear() noexcept;
  void release() noexcept;
  void fail(trouble what) noexcept;

  // First what every frame needs.
  turn& turn_;
  outbox_owner& owner_;
  stream socket_;
  uint8_t count_ = 0;
  uint8_t reach_;
  bool listening_ = true;
  bool marked_ = false;
  bool blocked_ = false;
  bool dead_ = false;
  /// A close frame is in.
  bool sealed_ = false;
  bool shutting_ = false;
  trouble trouble_ = trouble::none;
  trouble told_ = trouble::none;
  std::array<turn::index, turn::max_gather> queue_;
  /// What the kernel did not take; the first `taken_` bytes it did meanwhile.
  std::string stored_;
  size_t taken_ = 0;
  /// Where in `stored_` a frame begins: the first, once it is stored.
  size_t begins_ = 0;
  size_t capacity_;
  /// What may wait besides, of answers.
  size_t granted_ = 0;
  clock::time_point progress_at_{};
  /// Bytes that the socket took in all; of these the peer did at the last look.
  uint64_t passed_ = 0;
  uint64_t taken_by_peer_ = 0;
  clock::time_point looked_at_{};
};

} // namespace parlor::transport
