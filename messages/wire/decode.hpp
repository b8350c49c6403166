// SPDX-License-Identifier: MIT
#pragma once

#include "messages/dialect.hpp"
#include "messages/wire/command.hpp"

#include <cstddef>
#include <string_view>

namespace parlor::wire {

/// The room that dialect `text` speaks in (PROTOCOL §2).
inline constexpr std::string_view lobby = "lobby";

/// Understands one text frame of a client. `json_depth` is how deep arrays and
/// objects may nest. In dialect `text` whatever is no known command is a
/// message to the lobby. Pure; never throws but std::bad_alloc.
decoded decode(std::string_view text, dialect speaks, size_t json_depth);

} // namespace parlor::wire
