// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

/// Texts from outside, made harmless for the log: one line stays one line, and
/// no terminal is driven by what a client has sent. Pure.
namespace parlor::log {

/// Bytes of one text that are written; the rest is left out, as "..." says.
inline constexpr size_t max_text = 1024;

/// Appends a JSON string, quoted. Always valid UTF-8: what is not becomes
/// U+FFFD.
void append_json_string(std::string& line, std::string_view text);

/// Appends a text as it is where it is plain, and quoted with escapes where it
/// is empty or has spaces, quotes, `=`, control or direction characters, or
/// bytes that are no UTF-8 (`\xNN`).
void append_text(std::string& line, std::string_view text);

/// Appends a text unquoted, with the same escapes.
void append_bare(std::string& line, std::string_view text);

} // namespace parlor::log
