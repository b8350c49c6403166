// SPDX-License-Identifier: MIT
#include "actors/error_budget.hpp"

#include "messages/limits.hpp"

namespace parlor {

bool error_budget::spend(clock::time_point now) {
  if (most_ == 0)
    return true;
  std::erase_if(spent_, [&](auto at) { return now - at >= abuse_window; });
  if (spent_.size() > most_)
    return false;
  spent_.push_back(now);
  return spent_.size() <= most_;
}

} // namespace parlor
