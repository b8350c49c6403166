// SPDX-License-Identifier: MIT
#pragma once

#include "messages/events.hpp"
#include "messages/ids.hpp"
#include "messages/links.hpp"
#include "messages/replication.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

/// What is in envelopes, version 1. Append-only: a kind that is there stays as
/// it is, and what is added is a kind of its own, sent only to who understands
/// the version that it came with.
namespace parlor {

/// Whom an envelope is for.
enum class addressee : uint8_t {
  /// The replica of a room.
  room = 1,
  /// The part of the registry that a user's name belongs to.
  user = 2,
  /// Who answers the HTTP API; the name is that of the node that sends.
  admin = 3,
};

/// A room's home has ended it: there is nobody in and nothing to keep.
struct room_closed {};

/// What one replica of a room tells another.
using room_note = std::variant<replication::letter, event::signal, room_closed>;

/// Of version 1.
envelope to_envelope(const room_name& room, const room_note& what);

/// The outside of an envelope.
struct address_line {
  addressee to = addressee::room;
  /// The room's or the user's.
  std::string_view name;
  std::string_view content;
};

/// What an envelope begins with: one byte says for whom it is, one how long the
/// name is, which has 1-255 bytes.
std::string address(addressee to, std::string_view name);

/// Points into the bytes; none where they are no envelope of version 1.
std::optional<address_line> read_address(std::string_view bytes) noexcept;

/// What is inside one for a room.
std::optional<room_note> to_room_note(const room_name& room,
                                      std::string_view content);

} // namespace parlor
