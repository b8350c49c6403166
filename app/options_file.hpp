// SPDX-License-Identifier: MIT
#pragma once

#include "app/options.hpp"

#include <string>
#include <vector>

namespace parlor {

/// Reads a configuration file (CAF's INI) into the settings. Returns what is
/// wrong with it, each naming the file: CAF itself drops unknown keys, wrong
/// values and repetitions.
std::vector<std::string> read_file(configuration& target,
                                   const std::string& path);

/// Durations in a file that are beyond what CAF can hold, as "line 7: 5124096h
/// is out of range": CAF would take what is left of them after they wrapped.
std::vector<std::string> beyond_range(std::string_view ini);

/// Keys that a file gives twice, as "line 7: server.port is given twice", and
/// lines that it cuts off. CAF would take the first one and be silent.
std::vector<std::string> oddities(std::string_view ini);

} // namespace parlor
