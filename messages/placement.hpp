// SPDX-License-Identifier: MIT
#pragma once

#include "messages/view.hpp"

#include <cstdint>
#include <string_view>
#include <vector>

namespace parlor {

/// Where something lives: valid as long as the placement that said it.
struct seats {
  /// Null where the view has no member.
  const node_id* home = nullptr;
  /// Confirms for the home and takes over; null where the home is alone.
  const node_id* standby = nullptr;
};

/// How much a node wants a name: rendezvous (highest random weight) hashing.
/// The same on every machine and in every build, since all nodes have to agree:
/// mix(fnv1a(name) ^ mix(fnv1a(node))), where fnv1a is FNV-1a of 64 bits over
/// the bytes, and mix is the finalizer of MurmurHash3 of 64 bits. It is part of
/// the protocol between nodes: another one is another envelope version.
uint64_t weight(std::string_view node, std::string_view name) noexcept;

/// Places names on the nodes of one view, by descending weight; the lower id
/// goes first where two are the same. A node that comes or goes moves only
/// what it gets or had. Draining nodes get nothing, unless all of them drain:
/// then they keep what they have until they go. A pure value; what it points
/// to is its own.
class placement {
public:
  /// Places nothing.
  placement() = default;

  explicit placement(const view& of);

  /// O(nodes), and allocates nothing.
  seats of(std::string_view name) const noexcept;

  /// All nodes that may have this name, the home first.
  std::vector<node_id> order(std::string_view name) const;

private:
  struct candidate {
    node_id id;
    /// mix(fnv1a(id)).
    uint64_t seed;
  };

  /// By id.
  std::vector<candidate> candidates_;
};

} // namespace parlor
