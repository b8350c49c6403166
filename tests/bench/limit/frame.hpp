// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace parlor::bench::limit {

/// First bytes of unfragmented frames.
inline constexpr char text_frame = '\x81';
inline constexpr char pong_frame = '\x8a';

/// A server's frame; `payload` is shorter than 64 KiB.
std::string make_frame(std::string_view payload, char first = text_frame);

/// What a client sent.
struct client_frame {
  enum class kind { incomplete, data, ping, close, refused };

  kind what;
  /// Unmasked in place.
  std::string_view payload;
  /// Bytes of the whole frame; 0 where it is incomplete or refused.
  size_t size;
};

/// Takes the first frame of [at, end) apart and unmasks it. Refuses frames of
/// 64 KiB and more.
client_frame read_frame(char* at, const char* end);

} // namespace parlor::bench::limit
