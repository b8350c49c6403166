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

} // namespace parlor
