// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

namespace parlor::scaling {

/// The program; its exit status.
int run(const std::vector<std::string>& arguments);

} // namespace parlor::scaling
