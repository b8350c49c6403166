// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace parlor {

/// Which event a frame tells, in whatever dialect.
enum class frame_kind : uint8_t {
  /// None of ours: what /echo sends back.
  unnamed,
  connected,
  chat,
  private_message,
  user_joined,
  user_left,
  system,
  skip,
  room_reset,
  members_count,
  signal,
  presence_state,
  presence_diff,
  closing,
  error,
  pong,
  token_expiring,
  reply,
};

/// What dialect `typed` calls them.
inline constexpr std::array<std::string_view, 18> frame_kind_names{
  "unnamed",   "connected",      "chat",          "private",    "user_joined",
  "user_left", "system",         "skip",          "room_reset", "members_count",
  "signal",    "presence_state", "presence_diff", "closing",    "error",
  "pong",      "token_expiring", "reply"};

constexpr size_t index_of(frame_kind x) noexcept {
  return static_cast<size_t>(x);
}

} // namespace parlor
