// SPDX-License-Identifier: MIT
#pragma once

#include "messages/dialect.hpp"
#include "messages/ids.hpp"
#include "messages/limits.hpp"
#include "messages/to_registry.hpp"

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace parlor {

/// Every connection of a node, by id and by user, within the limits on both.
/// One that has not said yet who it is has its place among all, but no user. A
/// connection that was told to go still counts as one until it has gone, but is
/// its user's no more. A pure value.
class population {
public:
  struct resident {
    user_id user;
    dialect speaks = dialect::typed;
    connection_actor handle;
    /// Whether it was told to go.
    bool leaving = false;
  };

  /// Where a user is reached.
  struct address {
    connection_id connection;
    dialect speaks = dialect::typed;
  };

  struct verdict {
    /// Empty: let in. Otherwise the reason of the close with 4003.
    std::string_view refusal;
    /// Of the same user, to be told to go: its oldest connection.
    connection_id evicted;
  };

  explicit population(const limits& within) : within_{within} {}

  /// Gives a place to a connection of which it is not known whose it is; false
  /// where there is none.
  bool expect(connection_id id);

  /// Lets a connection in, or not.
  verdict admit(connection_id id, resident who);

  /// Lets it in whatever the limits, where others keep them.
  void add(connection_id id, resident who);

  /// Whether there is no place for one more, who has none yet.
  bool full() const noexcept { return places() >= within_.max_connections; }

  /// Places that are taken: by who is in, and by whom nobody knows yet.
  size_t places() const noexcept {
    return residents_.size() + strangers_.size();
  }

  /// A stranger gives its place back, as where it asks to be let in.
  void forget(connection_id id) { strangers_.erase(id); }

  /// The connection has gone; nothing where it was not in.
  std::optional<resident> remove(connection_id id);

  /// The connection is told to go; false where it is not in or was told before.
  bool dismiss(connection_id id);

  /// Null where it is not in.
  const resident* find(connection_id id) const;

  /// The user's connections that were not told to go, oldest first; until the
  /// next change.
  std::span<const address> addresses_of(const user_id& user) const;

  /// The same as a copy, ids alone.
  std::vector<connection_id> connections_of(const user_id& user) const;

  /// Those behind `after`, at most `limit`, in the order of their ids.
  std::vector<const resident*> page(connection_id after, size_t limit) const;

  /// Users behind `after`, at most `limit`, in the order of their names.
  user_list users_page(const user_id& after, size_t limit) const;

  const std::unordered_map<connection_id, resident>& all() const {
    return residents_;
  }

  size_t size() const noexcept { return residents_.size(); }

  size_t user_count() const noexcept { return users_.size(); }

private:
  void forget_user_of(connection_id id, const user_id& user);

  const limits& within_;
  std::unordered_map<connection_id, resident> residents_;
  std::unordered_set<connection_id> strangers_;
  /// Oldest first; no user is without a connection.
  std::unordered_map<user_id, std::vector<address>> users_;
};

} // namespace parlor
