// SPDX-License-Identifier: MIT
#pragma once

#include "app/options.hpp"

#include <string>
#include <vector>

namespace parlor {

/// Reads a configuration file (app/ini.hpp) into the settings. Returns what is
/// wrong with it, each naming the file and the line. A file that is no INI changes
/// nothing.
std::vector<std::string> read_file(configuration& target,
                                   const std::string& path);

} // namespace parlor
