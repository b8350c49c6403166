// SPDX-License-Identifier: MIT
#pragma once

#include "app/settings.hpp"

#include <functional>

namespace parlor {

/// Runs the service until SIGTERM or SIGINT: clients are told 1012 and have
/// `drain.timeout` for leaving; a second signal ends at once. At SIGHUP it calls
/// `read_again`, on this thread, and goes on with what may change. Calls `started`
/// once it listens. Returns the exit code of the process: 0 after a signal, 1 where
/// it could not listen or a core actor has failed (its supervisor is to start it
/// anew). Throws where threads or descriptors run out before it listens.
int serve(const settings& with, std::function<parsed()> read_again,
          std::function<void()> started);

} // namespace parlor
