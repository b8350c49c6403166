// SPDX-License-Identifier: MIT
#pragma once

#include "tests/explore/script.hpp"

#include <cstdint>
#include <vector>

namespace parlor::explore {

/// The scenarios that are explored whole.
const std::vector<scenario>& scenarios();

/// A larger one, drawn from a seed.
scenario draw_scenario(uint64_t seed);

} // namespace parlor::explore
