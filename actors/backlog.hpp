// SPDX-License-Identifier: MIT
#pragma once

namespace parlor {

/// Whether the turn of the calling thread's event_loop that is ending has run out of
/// time: more is to be done than was done. False on other threads.
bool turn_ran_out() noexcept;

} // namespace parlor
