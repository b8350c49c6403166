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
};

/// What waits for one peer: envelopes go in, frames come out. What gathers while
/// a window of frames is under way goes in the next frame, so frames grow with
/// the load by themselves. Thread-safe.
class outbound {
public:
  enum class verdict : uint8_t {
    /// Full or closed; nothing is kept.
    refused,
    queued,
    /// Queued, and whoever takes frames has to be told to look again.
    wake,
  };

  struct frame {
    uint64_t number = 0;
    std::vector<envelope> content;
  };

  explicit outbound(const outbound_limits& limits) : limits_{limits} {}

  verdict push(envelope what);

  /// The next frame; none where nothing waits or the window is full.
  std::optional<frame> next();

  /// The peer has taken all frames up to this one. False where it was never
  /// sent.
  bool acknowledge(uint64_t number);

  /// Refuses all from now on, and forgets what waits.
  void close();

private:
  struct flight {
    size_t envelopes;
    size_t bytes;
  };

  const outbound_limits limits_;
  std::mutex mutex_;
  std::deque<envelope> waiting_;
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
