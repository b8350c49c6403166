// SPDX-License-Identifier: MIT
#pragma once

#include "messages/events.hpp"
#include "messages/ids.hpp"
#include "messages/links.hpp"
#include "messages/view.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

/// What the registries of nodes tell each other. Each user has a home, the node
/// that knows all of the user's connections. Append-only, as all between nodes.
namespace parlor::registration {

/// A connection of the node that says so, as its user's home keeps it.
struct row {
  user_id user;
  connection_id who;
  /// The later it came in, the higher. 0 while its node has asked and has no
  /// answer: the same as a knock.
  uint64_t order = 0;
};

// -- to a user's home --------------------------------------------------------------

// `revision` is that of the view by which the home is one: a home that has an
// older one waits until it has that, and one that has a newer one knows whether
// it is asked rightly.

/// A connection wants in: answered by grant or refusal.
struct knock {
  uint64_t revision = 0;
  connection_id who;
};

/// A connection is gone, or was told to go.
struct departed {
  uint64_t revision = 0;
  connection_id who;
};

/// A message for all connections of the user: answered by receipt or declined.
struct message {
  uint64_t revision = 0;
  /// The sender's node counts what it asks for; never the same in a stay.
  uint64_t number = 0;
  /// What has a lower number is answered, and is not sent again.
  uint64_t open = 0;
  /// Whether it may have been heard already.
  bool again = false;
  user_id sender;
  event::raw_json content;
  event::timestamp at;
};

/// All connections of the user are to go: answered like a message.
struct kick {
  uint64_t revision = 0;
  uint64_t number = 0;
};

/// A part of the connections that a node has of the home's users. The last part
/// puts all of them in the place of what was known of the node.
struct table {
  uint64_t revision = 0;
  bool first = false;
  bool last = false;
  std::vector<row> rows;
};

// -- from it -----------------------------------------------------------------------

/// Wants the node's table.
struct ask {
  uint64_t revision = 0;
};

struct grant {
  connection_id who;
  uint64_t order = 0;
};

/// The user has too many already.
struct refusal {
  connection_id who;
};

/// The user has too many: this one goes.
struct eviction {
  connection_id who;
};

/// A message, on its way to the connections of a node.
struct handover {
  /// The sender's node.
  incarnation origin;
  message what;
};

/// So many connections have it coming, or are told to go.
struct receipt {
  uint64_t number = 0;
  uint64_t count = 0;
};

/// Nothing can be done now.
struct declined {
  uint64_t number = 0;
};

/// All connections that the node has of the user are to go.
struct expulsion {};

// -- to all nodes ------------------------------------------------------------------

/// A notice to everyone.
struct notice {
  event::raw_json content;
  /// A user or a connection to leave out; empty is none.
  std::string exclude;
  event::timestamp at;
};

/// This connection is to go, wherever it is: answered by a receipt.
struct kick_one {
  uint64_t number = 0;
  connection_id who;
};

using note = std::variant<knock, departed, message, kick, table, ask, grant,
                          refusal, eviction, handover, receipt, declined,
                          expulsion, notice, kick_one>;

} // namespace parlor::registration

namespace parlor {

/// Whose notes concern no user.
const user_id& nobody();

/// Of version 1.
envelope to_envelope(const user_id& user, const registration::note& what);

/// What is inside one for a user.
std::optional<registration::note> to_user_note(std::string_view content);

} // namespace parlor
