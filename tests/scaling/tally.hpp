// SPDX-License-Identifier: MIT
#pragma once

#include "messages/envelopes.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace parlor::scaling {

/// What an envelope is about.
enum class kind : uint8_t {
  ask,
  promise,
  fetch,
  part,
  resume,
  proposal,
  stale,
  decision,
  ack,
  mark,
  signal,
  closed,
  user,
  admin,
};

inline constexpr size_t kinds = size_t(kind::admin) + 1;

std::string_view to_string(kind x) noexcept;

/// Of an envelope as nodes send it; throws where it is none.
kind kind_of(const envelope& x);

/// Envelopes that were sent, and bytes of their bodies.
struct tally {
  std::array<uint64_t, kinds> envelopes{};
  std::array<uint64_t, kinds> bytes{};
  /// What links would have sent them in, where nothing else had waited.
  uint64_t frames = 0;

  void add(const envelope& x);

  uint64_t operator[](kind which) const noexcept {
    return envelopes[size_t(which)];
  }

  /// Of rooms: users are another matter, and nothing of them is sent for a
  /// message to a room.
  uint64_t of_rooms() const noexcept;
  uint64_t bytes_of_rooms() const noexcept;

  friend tally operator-(tally x, const tally& y) noexcept;
};

} // namespace parlor::scaling
