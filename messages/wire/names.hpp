// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

namespace parlor::wire {

/// Whether a text may name a user or a room: 1-255 bytes of valid UTF-8 without
/// control characters, C0, DEL and C1 (PROTOCOL §1).
bool valid_name(std::string_view text) noexcept;

/// Whether a text is valid UTF-8: no overlong forms, no surrogates, nothing
/// above U+10FFFF (RFC 3629).
bool valid_utf8(std::string_view text) noexcept;

} // namespace parlor::wire
