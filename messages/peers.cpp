// SPDX-License-Identifier: MIT
#include "messages/peers.hpp"

#include <algorithm>

namespace parlor {

replication::roles seating::roles_of(std::string_view name) const {
  replication::roles result{now.revision, {}, {}, {}};
  auto at = where.of(name);
  for (auto& one : now.members) {
    result.members.push_back(one.incarnation);
    if (at.home != nullptr && one.id == *at.home)
      result.home = one.incarnation;
    if (at.standby != nullptr && one.id == *at.standby)
      result.standby = one.incarnation;
  }
  return result;
}

incarnation seating::home_of(std::string_view name) const noexcept {
  auto at = where.of(name);
  auto* found = at.home != nullptr ? now.find(*at.home) : nullptr;
  return found != nullptr ? found->incarnation : incarnation{};
}

bool seating::has(incarnation stay) const noexcept {
  return std::ranges::any_of(now.members,
                             [=](auto& x) { return x.incarnation == stay; });
}

std::string_view peers::unready(const seating& known) {
  if (!known.self)
    return "The node is not in its cluster";
  if (fenced(known.self))
    return "The node may be taken for gone by the others";
  if (std::ranges::any_of(known.now.members, [&](auto& x) {
        return x.incarnation == known.self && x.state == member_state::draining;
      }))
    return "The node takes no part: it drains, or is linked to too few of the "
           "others";
  if (!caught_up())
    return "The node has not caught up with its rooms";
  return {};
}

} // namespace parlor
