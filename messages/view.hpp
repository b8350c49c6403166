// SPDX-License-Identifier: MIT
#pragma once

#include "messages/ids.hpp"

#include <algorithm>
#include <compare>
#include <cstdint>
#include <string>
#include <vector>

namespace parlor {

struct node_tag {
  static constexpr const char* name = "node_id";
};

/// A node of the cluster, by its configured name: 1-64 of A-Z a-z 0-9 . _ -
/// The order of the ids is that of their bytes; of two nodes the one with the
/// higher id dials.
using node_id = text_id<node_tag>;

/// One stay of a node in the cluster: a node that left and came back, or that
/// was taken for dead, has a higher one. 0 is not known.
class incarnation {
public:
  incarnation() = default;

  explicit incarnation(uint64_t value) noexcept : value_{value} {}

  uint64_t value() const noexcept { return value_; }

  explicit operator bool() const noexcept { return value_ != 0; }

  friend auto operator<=>(incarnation, incarnation) = default;

  template <class Inspector>
  friend typename Inspector::result_type inspect(Inspector& f, incarnation& x) {
    return f(x.value_);
  }

private:
  uint64_t value_ = 0;
};

/// What a node does for others: a draining one goes on with what it has, but
/// gets nothing new.
enum class member_state : uint8_t { active, draining };

/// A node as the others know it.
struct member {
  node_id id;
  parlor::incarnation incarnation;
  /// Where it listens for other nodes: "host:port".
  std::string address;
  /// The newest version of envelopes that it understands.
  uint32_t version = 0;
  member_state state = member_state::active;

  friend bool operator==(const member&, const member&) = default;
};

/// Who is in, at one revision. All nodes see the same sequence of these, but
/// one may begin late in it, or leave it and begin anew.
struct view {
  /// Grows with each change; not by 1.
  uint64_t revision = 0;
  /// By id, each once.
  std::vector<member> members;

  /// Null where it is not in.
  const member* find(const node_id& id) const noexcept {
    auto at = std::lower_bound(
      members.begin(), members.end(), id,
      [](const member& x, const node_id& y) { return x.id < y; });
    return at != members.end() && at->id == id ? &*at : nullptr;
  }

  friend bool operator==(const view&, const view&) = default;
};

} // namespace parlor
