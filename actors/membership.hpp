// SPDX-License-Identifier: MIT
#pragma once

#include "messages/dialect.hpp"
#include "messages/events.hpp"
#include "messages/ids.hpp"

#include <array>
#include <map>
#include <memory>
#include <optional>
#include <unordered_map>
#include <vector>

namespace parlor {

/// Who is in a room: connections, and the users that they belong to. A user is
/// in while one of its connections is. A pure value.
class membership {
public:
  struct member {
    user_id user;
    dialect speaks = dialect::typed;
    /// Whether it has said anything of itself, and so was told what all say.
    bool present = false;
  };

  struct removal {
    member who;
    /// Whether no other connection of the user is left.
    bool last_of_user = false;
  };

  /// Adds a connection that is not in yet; returns whether it is the first one
  /// of its user.
  bool add(connection_id id, member who);

  /// Removes a connection; nothing where it is not in.
  std::optional<removal> remove(connection_id id);

  /// Whether any connection of the user is in.
  bool has(const user_id& user) const { return users_.contains(user); }

  const std::unordered_map<connection_id, member>& all() const {
    return members_;
  }

  /// Whether this connection, which is in, is the only one of its user.
  bool only_one(connection_id id) const;

  /// A connection that is in says something of itself; returns whether it does
  /// so for the first time.
  bool note_present(connection_id id);

  /// Null where the connection is not in.
  const member* find(connection_id id) const;

  /// The connections of one user, in no order.
  std::vector<connection_id> connections_of(const user_id& user) const;

  /// The distinct users, sorted.
  std::vector<user_id> users() const;

  /// The same as clients are told: a number alone above `most_listed`. Made once
  /// between two changes.
  event::roster roster(size_t most_listed) const;

  dialect_set spoken() const;

  bool empty() const noexcept { return members_.empty(); }

  /// Connections.
  size_t size() const noexcept { return members_.size(); }

  size_t user_count() const noexcept { return users_.size(); }

private:
  std::unordered_map<connection_id, member> members_;
  /// How many connections each user has here; sorted for the roster.
  std::map<user_id, size_t> users_;
  /// The keys of `users_` as a list, while they have been asked for.
  mutable std::shared_ptr<const event::raw_json> listed_;
  /// How many members speak each dialect.
  std::array<size_t, dialects> speakers_{};
};

} // namespace parlor
