// SPDX-License-Identifier: MIT
#pragma once

#include "cluster/limits.hpp"

namespace parlor::cluster {

/// Whether an address refuses again and again, as it does where a process has
/// ended. One that is just ending may still be connected to. A pure value.
class refusals {
public:
  /// What came of one more connect; true where it was often enough in a row.
  bool add(bool refused) noexcept {
    in_a_row_ = refused ? in_a_row_ + 1 : 0;
    return in_a_row_ >= refusals_of_the_dead;
  }

private:
  int in_a_row_ = 0;
};

} // namespace parlor::cluster
