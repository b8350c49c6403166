// SPDX-License-Identifier: MIT
#pragma once

#include "app/settings.hpp"

#include <string>
#include <vector>

namespace parlor {

/// What becomes of a configuration that was read again while the service runs.
struct reload {
  /// What holds from now on: the new values that may change, else the old ones.
  settings effective;
  /// Keys whose values, or whose files, are new and in effect.
  std::vector<std::string> changed;
  /// Keys that have changed, which shows only after a restart.
  std::vector<std::string> waiting;
};

/// Judges the new settings beside those in effect. Pure.
reload reloaded(const settings& now, const settings& next);

} // namespace parlor
