// SPDX-License-Identifier: MIT
#pragma once

#include "tests/scaling/counted_cluster.hpp"

#include <functional>
#include <string>
#include <vector>

namespace parlor::scaling {

/// What another view costs, all nodes taken together.
struct change_cost {
  /// Rooms with another home or another standby than before.
  size_t homes = 0;
  size_t standbys = 0;
  tally sent;
  std::chrono::nanoseconds cpu{0};
};

/// Lets something happen to the cluster, and looks where these rooms are then.
change_cost change(counted_cluster& in, const std::vector<std::string>& rooms,
                   const std::function<void()>& happen);

/// What finding a room's home and standby takes on a cluster of that size.
std::chrono::nanoseconds cost_of_placing(size_t nodes);

} // namespace parlor::scaling
