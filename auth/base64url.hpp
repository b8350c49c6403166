// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace parlor {

/// Decodes base64url without padding (RFC 7515 §2). Strict: another character,
/// an impossible length or spare bits that are not zero yield none, so each
/// sequence of bytes has one spelling (RFC 4648 §3.5). Pure.
std::optional<std::string> decode_base64url(std::string_view text);

} // namespace parlor
