// SPDX-License-Identifier: MIT
#pragma once

namespace parlor::test {

/// Whether `new` throws std::bad_alloc on this thread.
extern thread_local bool memory_is_scarce;

} // namespace parlor::test
