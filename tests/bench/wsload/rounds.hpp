// SPDX-License-Identifier: MIT
#pragma once

#include "tests/bench/wsload/generator.hpp"

namespace parlor::bench::wsload {

/// --rounds: everyone publishes a window, all of it is awaited, and again. The
/// server is stopped meanwhile, so that it finds the same work waiting for it
/// in each round, however fast it is. Ends early where something does not come.
void run_rounds(generator& g);

/// Deliveries that all that was published makes.
uint64_t expected_deliveries(state& st);

/// Waits for what is under way, until nothing has come for --drain. Seconds.
double drain(generator& g, uint64_t expected);

} // namespace parlor::bench::wsload
