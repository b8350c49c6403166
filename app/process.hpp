// SPDX-License-Identifier: MIT
#pragma once

#include "messages/process_vitals.hpp"

#include <filesystem>

namespace parlor {

/// How this process is doing. Reads files of /proc, and lists all descriptors
/// where the kernel is older than 6.2: not for an I/O thread. What cannot be
/// read is 0. Thread-safe.
process_vitals
look_at_process(const std::filesystem::path& proc = "/proc/self");

} // namespace parlor
