// SPDX-License-Identifier: MIT
#pragma once

#include "messages/links.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <mutex>
#include <optional>
#include <vector>

namespace parlor::cluster {

/// How much one link may hold.
struct outbound_limits {
  uint64_t window;
  size_t frame_envelopes;
  size_t frame_bytes;
  size_t envelopes;
  size_t bytes;
  /// Of one envelope.
  size_t largest;
};

/// What waits for one peer: envelopes go in, frames come out. What gathers while
/// a window of frames is under way goes in the next frame, so frames grow with
/// the load by themselves. An envelope that is larger than a frame goes in pieces
/// where the peer takes them. Thread-safe.
class outbound {
public:
  enum class verdict : uint8_t {
    /// Full or closed; nothing is kept.
    refused,
    /// It can never be sent; nothing is kept.
    too_large,
    queued,
    /// Queued, and whoever takes frames has to be told to look again.
    wake,
  };

  struct frame {
    uint64_t number = 0;
    std::vector<envelope> content;
    /// Where the content is a piece of one envelope: its bytes that follow.
    std::optional<size_t> left;
  };

  explicit outbound(const outbound_limits& limits, bool in_pieces = true)
    : limits_{limits}, in_pieces_{in_pieces} {}

  verdict push(envelope what);

  /// The next frame or piece; none where nothing waits or the window is full.
  std::optional<frame> next();

  /// The peer has taken all frames up to this one. False where it was never
  /// sent.
  bool acknowledge(uint64_t number);

  /// Refuses all from now on, and forgets what waits.
  void close();

private:
  /// A piece of the first that waits.
  void cut(frame& into);

  struct flight {
    size_t envelopes;
    size_t bytes;
  };

  const outbound_limits limits_;
  const bool in_pieces_;
  std::mutex mutex_;
  std::deque<envelope> waiting_;
  /// Bytes of its first that were sent.
  size_t cut_ = 0;
  /// Of frames that were not acknowledged, the oldest first.
  std::deque<flight> under_way_;
  /// Of both.
  size_t envelopes_ = 0;
  size_t bytes_ = 0;
  /// Frames that were made, and that were acknowledged.
  uint64_t made_ = 0;
  uint64_t acknowledged_ = 0;
  /// Whoever takes frames will look again without being told.
  bool awake_ = false;
  bool closed_ = false;
};

} // namespace parlor::cluster
