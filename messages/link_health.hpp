// SPDX-License-Identifier: MIT
#pragma once

#include "messages/view.hpp"

#include <optional>
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

/// A setting that is another one on another node.
struct setting_difference {
  std::string setting;
  std::string here;
  node_id node;
  std::string there;

  friend bool operator==(const setting_difference&, const setting_difference&)
    = default;
};

/// How this node gets on with the others, for operators. Thread-safe.
class link_health {
public:
  virtual ~link_health() = default;

  /// All others of the view, by id; none where this node is not in.
  virtual std::vector<linked_member> linked() const = 0;

  /// Why this node may not come in: who is in has another setting.
  virtual std::optional<setting_difference> kept_out_by() const = 0;

  /// Settings that differ from those of others who are in, and may for a while.
  virtual std::vector<setting_difference> differences() const = 0;
};

} // namespace parlor
