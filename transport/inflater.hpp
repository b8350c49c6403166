// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

struct z_stream_s;

namespace parlor::transport {

/// Takes messages apart that were compressed without context takeover (RFC 7692
/// §7.2.2), whatever the sender's window. One for each I/O thread: between
/// messages it keeps nothing of them. Not thread-safe.
class inflater {
public:
  enum class outcome : uint8_t {
    good,
    /// The message is longer than it may be.
    too_big,
    /// These bytes are no whole compressed message.
    corrupt,
  };

  /// Throws std::bad_alloc.
  inflater();

  /// Puts into `into` the message of this payload, the payloads of all its
  /// frames joined. Stops as soon as there is more than `most` bytes of it, and
  /// never holds more. `into` means nothing unless the outcome is good.
  outcome inflate(std::string_view payload, size_t most, std::string& into);

private:
  outcome feed(std::string_view bytes, size_t most, std::string& into);
  bool at_end_of_block() const noexcept;

  static constexpr size_t piece_size = 16384;

  struct end_of {
    void operator()(z_stream_s* x) const noexcept;
  };

  std::unique_ptr<z_stream_s, end_of> stream_;
  std::unique_ptr<char[]> piece_;
};

} // namespace parlor::transport
