// SPDX-License-Identifier: MIT
#pragma once

#include "messages/view.hpp"

#include <string_view>
#include <vector>

namespace parlor::cluster {

/// Who this node may have a link with, by the last view that it was given. A
/// pure value.
class guest_list {
public:
  explicit guest_list(node_id self) : self_{std::move(self)} {}

  /// True where this node's own stay is another one now, or is over: no link
  /// from before may go on.
  bool update(const view& now);

  /// Whether this node is in.
  bool is_in() const noexcept { return in_; }

  /// This node's own, 0 where rosters have none.
  incarnation stay() const noexcept { return stay_; }

  const node_id& self() const noexcept { return self_; }

  /// Why there may be no link with that stay of a node; empty where there may.
  /// One that is newer than the view may: the view that has it will come.
  std::string_view objection(const node_id& who, incarnation stay) const;

  /// The members that are to be dialed: those with a lower id.
  std::vector<member> to_dial() const;

  /// All members but this node; none where that is not in.
  std::vector<member> others() const;

  /// Null where it is not in the view.
  const member* find(const node_id& who) const noexcept {
    return view_.find(who);
  }

private:
  node_id self_;
  view view_;
  incarnation stay_;
  bool in_ = false;
};

} // namespace parlor::cluster
