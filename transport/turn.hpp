// SPDX-License-Identifier: MIT
#pragma once

#include "messages/counts.hpp"
#include "messages/frame.hpp"
#include "transport/net.hpp"

#include <boost/container/vector.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <span>
#include <string_view>
#include <vector>

namespace parlor::transport {

class outbox;

/// One turn of an I/O thread's loop: the frames that were said in it, each
/// kept once however many receive it, and the outboxes that have something to
/// send at its end. Not thread-safe.
class turn {
public:
  /// Names a frame until the next flush.
  using index = uint16_t;

  /// Indices that one gathering can hold, so what an outbox queues at most.
  static constexpr size_t max_gather = 32;

  turn();

  /// Keeps a frame for this turn. The same frame as one of the last two gets
  /// the same index. Flushes first where the table is full.
  index keep(const frame& what);

  /// Keeps the compressed form of the frame that was kept last; flushes never.
  index keep_beside(const frame& form);

  std::string_view bytes(index i) const noexcept { return frames_[i].bytes(); }

  /// Lays the first of these frames (there is one) behind each other, as many as
  /// fit, and counts them in `taken` (at least one). A single frame is not copied, and
  /// what the last receiver got is not gathered again. Valid until the next
  /// call.
  std::string_view gather(std::span<const index> what, size_t& taken) noexcept {
    if (what.size() > 1)
      return gather_many(what, taken);
    taken = 1;
    return bytes(what.front());
  }

  /// Notes that this outbox wants to be flushed at the end of the turn. It
  /// must live until then.
  void mark(outbox& box) { dirty_.push_back(&box); }

  /// Flushes every marked outbox, also those that are marked meanwhile, and
  /// forgets the frames.
  void flush() noexcept;

  /// From now on `relieve` is called when outboxes of this thread hold more
  /// than this many bytes for their sockets.
  void limit(size_t most, std::function<void()> relieve);

  /// Counts memory that an outbox takes, or gives back where it is negative.
  void count_held(ptrdiff_t change) noexcept {
    held_ += static_cast<size_t>(change);
  }

  /// Bytes that outboxes hold for sockets that did not take them.
  size_t held() const noexcept { return held_; }

  bool holds_too_much() const noexcept { return held_ > most_held_; }

  /// Makes room by what `limit` was told; not again from within itself.
  void relieve() noexcept;

  /// What was queued in this turn was said then; its time is counted when all
  /// of it has been sent.
  void time_fanout(clock::time_point said);

  /// Counts what was never queued, or not any more, for statistics.
  void count_drop(drop why, size_t many = 1) noexcept {
    counts_.dropped[index_of(why)] += many;
  }

  size_t drops(drop why) const noexcept {
    return counts_.dropped[index_of(why)];
  }

  /// Counts what one send() of an outbox took, for statistics.
  void count_sent(size_t bytes) noexcept { counts_.bytes_sent += bytes; }

  /// What was counted here; the rest is 0.
  const thread_counts& counts() const noexcept { return counts_; }

  /// Counts one send() of an outbox, for statistics.
  void count_send() noexcept { ++sends_; }

  /// How many times send() was called since the beginning.
  uint64_t sends() const noexcept { return sends_; }

private:
  index place_of(const frame& what);
  std::string_view gather_many(std::span<const index> what,
                               size_t& taken) noexcept;
  void count_fanouts() noexcept;

  static constexpr size_t max_frames = 65536;
  static constexpr size_t scratch_bytes = 262144;

  std::vector<frame> frames_;
  /// One that is added costs a few instructions: this vector grows elsewhere.
  boost::container::vector<outbox*> dirty_;
  std::vector<char> scratch_;
  /// What `scratch_` holds: so many of these indices, so many bytes.
  std::array<index, max_gather> gathered_{};
  size_t gathered_count_ = 0;
  size_t gathered_bytes_ = 0;
  uint64_t sends_ = 0;
  thread_counts counts_;
  /// When what is to be flushed was said; at most `max_frames`.
  std::vector<clock::time_point> said_;
  size_t held_ = 0;
  size_t most_held_ = std::numeric_limits<size_t>::max();
  std::function<void()> relieve_;
  bool relieving_ = false;
};

} // namespace parlor::transport
