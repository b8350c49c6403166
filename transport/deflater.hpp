// SPDX-License-Identifier: MIT
#pragma once

#include "messages/frame.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>

struct z_stream_s;

namespace parlor::transport {

/// Compresses frames for those who inflate (RFC 7692 §7.2.1), without context
/// takeover, so that a form is made once for all of them. One for each I/O
/// thread. Not thread-safe, but the forms that it makes are.
class deflater {
public:
  /// log2 of how far back a compressed payload refers: less than any client's
  /// own window but for a few, since more gains nothing in short messages, and
  /// this much stays in the cache.
  static constexpr uint8_t window_bits = 12;

  /// Shorter frames, in bytes, are not worth it: they get shorter by a seventh
  /// at most.
  static constexpr size_t least = 128;

  /// The same for a single receiver: it would not gain a packet.
  static constexpr size_t least_for_one = 1024;

  /// Longer frames would hold up the thread for milliseconds.
  static constexpr size_t most = 262144;

  /// Throws std::bad_alloc.
  deflater();

  /// The compressed form of a frame that is not empty; the frame itself where
  /// that would be no shorter. Made where nobody, on whatever thread, has made
  /// it before.
  frame form_of(const frame& what);

  /// How many frames this one has compressed, or tried to, for statistics.
  uint64_t runs() const noexcept { return runs_; }

private:
  frame compress(const frame& what);

  /// Of what can be the compressed form of a frame.
  static constexpr size_t room = 65536;

  struct end_of {
    void operator()(z_stream_s* x) const noexcept;
  };

  std::unique_ptr<z_stream_s, end_of> stream_;
  std::unique_ptr<char[]> out_;
  uint64_t runs_ = 0;
};

} // namespace parlor::transport
