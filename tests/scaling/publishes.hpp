// SPDX-License-Identifier: MIT
#pragma once

#include "tests/scaling/counted_cluster.hpp"

#include <string>
#include <vector>

namespace parlor::scaling {

/// What messages to rooms cost, all nodes taken together.
struct publish_cost {
  size_t published = 0;
  tally sent;
  std::chrono::nanoseconds cpu{0};
};

/// Each of these rooms, which are open, is told so many messages of 100 bytes at
/// once by its crowd's first, one room after the other. Throws where one of them
/// is not confirmed.
publish_cost speak(counted_cluster& in, const std::vector<std::string>& rooms,
                   size_t spread, size_t in_flight);

/// So many names.
std::vector<std::string> names(const std::string& prefix, size_t count);

} // namespace parlor::scaling
