// SPDX-License-Identifier: MIT
#include "cluster/fixed_roster.hpp"

#include <algorithm>
#include <utility>

namespace parlor::cluster {

fixed_roster::fixed_roster(std::vector<member> members,
                           roster_listener& listener)
  : view_{1, std::move(members)}, listener_{listener} {
  std::sort(view_.members.begin(), view_.members.end(),
            [](const member& x, const member& y) { return x.id < y.id; });
  // Each has one stay, which all know of.
  for (uint64_t i = 0; i < view_.members.size(); ++i)
    view_.members[i].incarnation = incarnation{i + 1};
  listener_.on_lease(lease());
  listener_.on_view(view_);
}

void fixed_roster::set_state(member_state mine) {
  std::lock_guard guard{mutex_};
  if (view_.members.size() != 1 || view_.members.front().state == mine)
    return;
  view_.members.front().state = mine;
  ++view_.revision;
  listener_.on_view(view_);
}

void fixed_roster::evict(const member&) {}

fixed_roster::time_point fixed_roster::lease() const noexcept {
  return time_point::max();
}

} // namespace parlor::cluster
