// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string_view>

namespace parlor::wire {

/// Whether a text may name a user or a room: 1-255 bytes of valid UTF-8 without
/// control characters, C0, DEL and C1 (PROTOCOL §1).
bool valid_name(std::string_view text) noexcept;

/// Whether a text is valid UTF-8: no overlong forms, no surrogates, nothing
/// above U+10FFFF (RFC 3629).
bool valid_utf8(std::string_view text) noexcept;

/// As much of valid UTF-8 as fits into so many bytes, in whole characters.
std::string_view beginning_of(std::string_view text, size_t most) noexcept;

} // namespace parlor::wire
