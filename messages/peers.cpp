// SPDX-License-Identifier: MIT
#include "messages/peers.hpp"

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

} // namespace parlor
