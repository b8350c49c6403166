// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

/// Values in the lines of dialect `text`, which are for people. A line has no
/// quotes of its own, so a value must not be able to end it, or to look like
/// another part of it.
namespace parlor::wire {

/// A text in valid UTF-8 as a part of a line. What would end the line, control a
/// terminal or turn the direction of writing is written as JSON would escape it.
struct in_line {
  std::string_view text;
};

void write(std::string& out, in_line x);

/// The name of a user or a room as a part of a line: as it is where it is plain,
/// else as a JSON string, with its quotes.
struct name_in_line {
  std::string_view name;
};

void write(std::string& out, name_in_line x);

/// Whether a name cannot be taken for anything else in a line. It is not plain
/// where it has `:`, `[`, `]`, `"`, a word `joined` or `left`, a blank at either
/// end, or a character that is not seen; nor is `error`, or `the chat`.
bool is_plain_name(std::string_view name) noexcept;

} // namespace parlor::wire
