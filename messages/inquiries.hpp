// SPDX-License-Identifier: MIT
#pragma once

#include "messages/ids.hpp"
#include "messages/links.hpp"
#include "messages/to_connection.hpp"
#include "messages/to_registry.hpp"
#include "messages/to_room.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

/// What those who answer the HTTP API ask each other, so that its lists are of
/// the whole cluster. Append-only, as all between nodes.
namespace parlor::inquiries {

enum class about : uint8_t {
  /// All rooms.
  overview,
  /// The same, and a page of connections.
  detail,
  /// The names of all rooms.
  totals,
  /// A page of rooms.
  rooms,
  /// The room of that name.
  room,
  /// A page of users.
  users,
  /// The connections of that user.
  user,
};

struct question {
  /// The asker counts them.
  uint64_t number = 0;
  about what = about::totals;
  /// The room's name, or the user's.
  std::string subject;
  /// Where a page begins: behind this name or id.
  std::string after;
  uint64_t limit = 0;
};

/// A part of what a node has: at most `rows_per_page` rows and, of rooms, as
/// many users. A room with more is in several parts.
struct share {
  uint64_t number = 0;
  bool last = false;
  /// Whether all of the node's actors have answered.
  bool complete = false;
  registry_stats totals;
  std::vector<room_report> rooms;
  std::vector<user_entry> users;
  std::vector<connection_report> connections;
};

using note = std::variant<question, share>;

/// Of a share of any size: its parts.
std::vector<share> parts_of(share&& whole);

/// Adds a part to what is there.
void add(share& to, share&& part);

} // namespace parlor::inquiries

namespace parlor {

/// Of version 1. The name is that of the node that sends.
envelope to_envelope(std::string_view node, const inquiries::note& what);

/// What is inside one for admin.
std::optional<inquiries::note> to_inquiry(std::string_view content);

} // namespace parlor
