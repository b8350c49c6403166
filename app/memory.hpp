// SPDX-License-Identifier: MIT
#pragma once

namespace parlor {

/// Gives free memory back to the system where there is much of it: 16 MiB, and
/// half as much as is used. glibc keeps what was freed below something that is
/// still used. Stops who allocates meanwhile, for milliseconds. Thread-safe.
void return_free_memory();

} // namespace parlor
