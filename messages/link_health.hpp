// SPDX-License-Identifier: MIT
#pragma once

#include "messages/view.hpp"

#include <string>
#include <vector>

namespace parlor {

/// Whether a member of the view is linked to this node, and why not where that has
/// been so for some time.
struct linked_member {
  node_id id;
  bool linked = false;
  std::string why;
};

/// Which members of the view this node is linked to. What `peers` are in a running
/// node; those of tests need not. Thread-safe.
class link_health {
public:
  virtual ~link_health() = default;

  /// All others of the view, by id; none where this node is not in.
  virtual std::vector<linked_member> linked() const = 0;
};

} // namespace parlor
