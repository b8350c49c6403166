// SPDX-License-Identifier: MIT
#pragma once

#include "messages/events.hpp"
#include "messages/ids.hpp"

#include <cstddef>
#include <map>
#include <string>
#include <variant>

namespace parlor {

/// What the connections in a room say of themselves, and what of it the members
/// were not told yet. A pure value.
///
/// Where more users than may be listed have a presence, members are told their
/// number alone; once there are no more than that again, the whole state.
class presence_board {
public:
  /// What the members are to be told.
  using news
    = std::variant<std::monostate, event::presence_diff, event::presence_state>;

  /// A connection says this of itself; returns whether that is new.
  bool set(const user_id& user, connection_id id, event::raw_json data);

  /// A connection is gone; returns whether it had said anything.
  bool remove(const user_id& user, connection_id id);

  /// All that is said now.
  event::presence_state state(const room_name& room, size_t most_listed) const;

  /// The same for one member, who may be shown whom the others do not know yet:
  /// all will be told when they go.
  event::presence_state show(const room_name& room, size_t most_listed,
                             connection_id to);

  /// What has changed since the last call, which the members know from now on.
  news take_news(const room_name& room, size_t most_listed);

  bool empty() const noexcept { return users_.empty(); }

  /// Memory that it takes, about.
  size_t bytes() const noexcept { return bytes_; }

  /// By how much that would grow if a connection said so many bytes.
  size_t growth(const user_id& user, connection_id id, size_t said) const;

  /// Users who say anything.
  size_t size() const noexcept { return users_.size(); }

private:
  struct statement {
    event::raw_json data;
    /// Whether any other member knows the connection, with this or other data.
    bool known = false;
  };

  void forget_news();

  std::map<user_id, std::map<connection_id, statement>> users_;
  size_t bytes_ = 0;
  /// What members do not know yet: who came or changed, with the data...
  event::presences joins_;
  /// ...and who is gone.
  event::presences leaves_;
  /// Whether the members were told a number last.
  bool counting_ = false;
};

} // namespace parlor
