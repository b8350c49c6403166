// SPDX-License-Identifier: MIT
#pragma once

#include <caf/fwd.hpp>

namespace parlor {

/// Makes every message type of Parlor known to the system that is configured.
/// Apart, since it takes the compiler as long as a large actor does.
void add_messages(caf::actor_system_config& to);

} // namespace parlor
