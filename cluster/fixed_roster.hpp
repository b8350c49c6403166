// SPDX-License-Identifier: MIT
#pragma once

#include "messages/roster.hpp"

#include <mutex>
#include <vector>

namespace parlor::cluster {

/// Who is in never changes: one node that is alone, or a list that all nodes
/// are configured with. Nobody is ever taken for dead, so what has its home on
/// a dead node waits for it: for tests, and for trying things out. Only a node
/// that is alone can drain, since the others would not learn of it. Thread-safe;
/// calls the listener on the thread that calls it.
class fixed_roster final : public roster {
public:
  /// Tells the listener at once. `members` is not empty, and no id is in it
  /// twice.
  fixed_roster(std::vector<member> members, roster_listener& listener);

  void set_state(member_state mine) override;
  void evict(const member& suspect) override;
  time_point lease() const noexcept override;

private:
  std::mutex mutex_;
  view view_;
  roster_listener& listener_;
};

} // namespace parlor::cluster
