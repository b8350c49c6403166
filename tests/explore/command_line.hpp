// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

namespace parlor::explore {

/// What the program `explore` does; 0 where all was right, 1 where a schedule
/// was wrong, 2 where it was called wrongly.
int run(const std::vector<std::string>& arguments);

} // namespace parlor::explore
