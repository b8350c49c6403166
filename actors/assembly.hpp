// SPDX-License-Identifier: MIT
#pragma once

#include "messages/events.hpp"
#include "messages/ids.hpp"
#include "messages/proceedings.hpp"
#include "messages/view.hpp"

#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace parlor {

/// Who is in a room on all nodes of a cluster: what `membership` is on one. A
/// pure value, made by the room's entries and the same on all its replicas.
class assembly {
public:
  /// Adds a connection; nothing where it is in.
  void add(incarnation node, connection_id who, const user_id& user);

  /// Removes it; nothing where it is not in.
  void remove(incarnation node, connection_id who);

  /// What it says of itself; nothing where it is not in.
  void set_presence(incarnation node, connection_id who, std::string data);

  bool contains(incarnation node, connection_id who) const;

  /// Whether a connection says anything of itself. One whose node is back before
  /// its loss has a place is in twice.
  bool has_presence(connection_id who) const;

  /// How many connections the user has here.
  size_t count(const user_id& user) const;

  /// Users with how many connections of a node they have.
  std::map<user_id, size_t> users_of(incarnation node) const;

  /// The connections of a node.
  std::vector<proceedings::seat> seats_of(incarnation node) const;

  /// The nodes that have any.
  std::vector<incarnation> nodes() const;

  std::vector<proceedings::seat> seats() const;

  /// The distinct users, sorted.
  std::vector<user_id> users() const;

  /// The same as clients are told: a number alone above `most_listed`.
  event::roster roster(size_t most_listed) const;

  size_t user_count() const noexcept { return users_.size(); }
  bool empty() const noexcept { return users_.empty(); }

  /// Of what all say of themselves.
  size_t presence_bytes() const noexcept { return presence_bytes_; }

  /// Connections.
  size_t size() const noexcept { return size_; }

private:
  struct occupant {
    user_id user;
    std::string presence;
  };

  std::map<incarnation, std::map<connection_id, occupant>> seats_;
  /// How many connections each user has.
  std::map<user_id, size_t> users_;
  size_t size_ = 0;
  size_t presence_bytes_ = 0;
  /// The keys of `users_` as a list, while they have been asked for.
  mutable std::shared_ptr<const event::raw_json> listed_;
};

} // namespace parlor
