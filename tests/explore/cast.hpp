// SPDX-License-Identifier: MIT
#pragma once

#include "actors/connection.hpp"
#include "actors/directory.hpp"
#include "actors/lane.hpp"
#include "actors/registry.hpp"
#include "actors/room.hpp"

#include <caf/actor_cast.hpp>
#include <caf/scheduled_actor.hpp>
#include <caf/weak_intrusive_ptr.hpp>

#include <cstddef>
#include <string>
#include <unordered_map>
#include <vector>

namespace parlor::explore {

enum class role { other, connection, room, lane, directory, registry };

/// An actor that was seen in this run. It is held weakly, so that being seen
/// keeps none alive.
struct player {
  caf::weak_actor_ptr self;
  role as = role::other;
  /// Who started it.
  size_t parent = 0;
  /// For people.
  std::string name;
};

/// All actors of a run, numbered in the order in which they were seen: that is
/// the same wherever the same was done before. 0 is nobody.
class cast {
public:
  cast() : players_(1) {}

  void clear() {
    players_.resize(1);
    numbers_.clear();
  }

  /// The actor's number; it is given one where it is new.
  size_t number_of(caf::scheduled_actor& x, size_t parent);

  /// Keeps the first numbers for those who are given them by `assign`.
  void reserve(size_t count) { players_.resize(1 + count); }

  void assign(caf::scheduled_actor& x, size_t number) {
    numbers_[x.id()] = number;
    players_[number] = {caf::weak_actor_ptr{x.ctrl()}, role_of(x), 0, {}};
  }

  /// The same for one that was seen before; 0 where it was not.
  size_t find(caf::actor_id id) const {
    auto found = numbers_.find(id);
    return found != numbers_.end() ? found->second : 0;
  }

  const player& operator[](size_t number) const { return players_[number]; }

  player& operator[](size_t number) { return players_[number]; }

  size_t size() const { return players_.size(); }

  /// Null where the actor has ended or never was.
  template <class State>
  State* state_of(size_t number) const {
    auto self = players_[number].self.lock();
    if (!self)
      return nullptr;
    auto* raw = caf::actor_cast<caf::abstract_actor*>(self);
    auto* actor = dynamic_cast<pinned<State>*>(raw);
    return actor != nullptr && !has_ended(*raw) ? &actor->state() : nullptr;
  }

  template <class State>
  State* state_of(const typename State::actor_type& x) const {
    return state_of<State>(x ? find(x.id()) : 0);
  }

  bool ended(size_t number) const {
    auto self = players_[number].self.lock();
    return !self || has_ended(*caf::actor_cast<caf::abstract_actor*>(self));
  }

  static bool has_ended(const caf::abstract_actor& x) {
    return x.getf(caf::abstract_actor::is_terminated_flag);
  }

private:
  static role role_of(caf::scheduled_actor& x);
  std::vector<player> players_;
  std::unordered_map<caf::actor_id, size_t> numbers_;
};

} // namespace parlor::explore
