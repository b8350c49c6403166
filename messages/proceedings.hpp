// SPDX-License-Identifier: MIT
#pragma once

#include "messages/error.hpp"
#include "messages/events.hpp"
#include "messages/ids.hpp"
#include "messages/recovery.hpp"
#include "messages/view.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

/// What the replicas of a room put in order: the bodies of its commands and,
/// with what its home made of them, of its entries.
namespace parlor::proceedings {

/// Connections of the sender's node came and went, in this order.
struct attendance {
  struct change {
    connection_id who;
    user_id user;
    bool comes = false;
    /// Of one that goes.
    departure why = departure::left;
    /// Of one that comes: whether dialect `text` is told nothing of it.
    bool silent = false;
  };

  std::vector<change> changes;
};

/// A node is in no more: all its connections go.
struct loss {
  incarnation node;
};

struct chat {
  user_id sender;
  event::raw_json content;
  /// Empty is none.
  std::string key;
  /// A user or a connection to leave out; empty is none.
  std::string exclude;
  /// The connection of the sender's node that said it, if it is one...
  connection_id from;
  /// ...and whether it is left out.
  bool exclude_self = false;

  /// Whether it is the HTTP API's, whoever that speaks as.
  bool from_api() const { return !from; }
};

/// What a connection of the sender's node says of itself.
struct presence {
  connection_id who;
  user_id user;
  event::raw_json data;
};

using command = std::variant<attendance, loss, chat, presence>;

/// What the home made of one connection's coming or going.
enum class outcome : uint8_t {
  /// Nothing that anybody is told: another connection of the user is in, or the
  /// room is too large for announcements.
  quiet,
  /// Everyone is told, by the room's next number.
  told,
  /// The room is full.
  refused,
  /// It was in already, or was not in.
  nothing,
};

/// A connection that is in, on any node.
struct seat {
  incarnation node;
  connection_id who;
  user_id user;
  /// What it says of itself; empty is nothing.
  event::raw_json presence;
};

/// What the home decided of a command; all replicas follow it blindly.
struct ruling {
  /// The room's number before it, as clients see it.
  uint64_t before = 0;
  event::timestamp at;
  /// Of a chat whose key was there already: where it was said.
  place repeats;
  /// Of an attendance, one for each change.
  std::vector<outcome> outcomes;
  /// Of a loss: the seats that are gone by it...
  std::vector<seat> lost;
  /// ...and the users, where everyone is told, by one number each.
  std::vector<user_id> gone;
};

struct entry {
  command what;
  ruling decided;
};

/// A message that had a key.
struct keyed {
  user_id sender;
  std::string key;
  place at;
  /// Since it was said, in milliseconds.
  uint32_t age = 0;
};

/// What all entries up to some place have made of a room.
struct state {
  /// The room's number, as clients see it.
  uint64_t seq = 0;
  std::vector<seat> seats;
  /// Those that may be sent again, the oldest first.
  std::vector<keyed> keys;
};

// Bytes as nodes exchange them: append-only, as all between nodes. Nothing comes
// of bytes that are no such thing.

std::string to_bytes(const command& x);
std::string to_bytes(const entry& x);
std::string to_bytes(const state& x);

std::optional<command> to_command(std::string_view bytes);
std::optional<entry> to_entry(std::string_view bytes);
std::optional<state> to_state(std::string_view bytes);

} // namespace parlor::proceedings
