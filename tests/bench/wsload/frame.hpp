// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace parlor::bench::wsload {

/// RFC 6455's numbers; continuation, text and binary are data.
enum class opcode : uint8_t {
  text = 1,
  binary = 2,
  close = 8,
  ping = 9,
  pong = 10,
};

inline bool is_data(opcode x) {
  return x <= opcode::binary;
}

/// Appends a whole, masked frame as clients send it.
void append_frame(std::string& out, opcode type, std::string_view payload);

/// The start of a frame that a server sent.
struct frame_header {
  opcode type;
  bool masked;
  /// A reserved bit is set: an extension that was not negotiated.
  bool reserved;
  /// Bytes of this header and of the payload behind it.
  size_t size;
  uint64_t payload_size;
};

/// Reads a header; false where some of it is still to come.
inline bool read_header(const char* at, const char* end, frame_header& out) {
  const auto byte = [at](size_t i) { return static_cast<uint8_t>(at[i]); };
  const auto available = static_cast<size_t>(end - at);
  if (available < 2)
    return false;
  out.type = static_cast<opcode>(byte(0) & 0x0f);
  out.reserved = (byte(0) & 0x70) != 0;
  out.masked = (byte(1) & 0x80) != 0;
  out.payload_size = byte(1) & 0x7f;
  out.size = out.payload_size == 126 ? 4 : out.payload_size == 127 ? 10 : 2;
  if (available < out.size)
    return false;
  if (out.size > 2) {
    out.payload_size = 0;
    for (size_t i = 2; i < out.size; ++i)
      out.payload_size = out.payload_size << 8 | byte(i);
  }
  return true;
}

} // namespace parlor::bench::wsload
