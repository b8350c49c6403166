// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>

namespace parlor {

/// How long a connection that is closed waits for answers without which what its
/// client said before cannot be passed on (PROTOCOL §5): longer than a room waits
/// for its home.
inline constexpr std::chrono::seconds parting_patience{10};

} // namespace parlor
