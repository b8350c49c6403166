// SPDX-License-Identifier: MIT
#include "cluster/etcd/remnant.hpp"

#include <algorithm>

namespace parlor::etcd {

bool is_remnant(const view& now, const view& before) {
  auto stayed = [&](const member& x) {
    auto* was = before.find(x.id);
    return was != nullptr && was->incarnation == x.incarnation;
  };
  return now.members.size() < before.members.size()
         && std::ranges::none_of(now.members, stayed);
}

} // namespace parlor::etcd
