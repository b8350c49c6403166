// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <filesystem>

namespace parlor {

/// Bytes of memory that the process may have: the least of what its control
/// groups (both versions) and the machine grant. `root` is where files of the
/// system are looked for.
size_t memory_allowed(const std::filesystem::path& root = "/");

/// What all outboxes may hold for clients that do not read, for
/// `limits.outboxes-bytes`: 0 is an eighth of the memory. The rest is for
/// connections, rooms and their history, and what sockets hold in the kernel.
/// Pure.
size_t outboxes_by_memory(size_t configured, size_t allowed) noexcept;

/// Gives free memory back to the system where there is much of it: 16 MiB, and
/// half as much as is used. glibc keeps what was freed below something that is
/// still used. Stops who allocates meanwhile, for milliseconds. Thread-safe.
void return_free_memory();

} // namespace parlor
