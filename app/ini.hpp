// SPDX-License-Identifier: MIT
#pragma once

#include "app/option_value.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

/// The syntax of configuration files, without any meaning. Pure. Lines end with
/// LF or CR LF; a byte order mark before the first is skipped.
///
///   file    = *( section / key / comment )
///   section = "[" name "]"
///   key     = name "=" value
///   value   = word / text / list
///   list    = "[" [ item *( "," item ) [ "," ] ] "]", over as many lines as
///             it takes; item = word / text
///   text    = in double quotes, with \n, \r, \t, \\ and \", within one line
///   word    = of A-Z a-z 0-9 + - . _
///   comment = ";" to the end of the line, behind anything
///   name    = of A-Z a-z 0-9 - _ .
namespace parlor {

struct ini_entry {
  /// Counted from 1: where the key is.
  size_t line = 0;
  /// "server.port", or "port" before any section.
  std::string key;
  option_value value;
};

/// "line 7: the text has no closing quote".
struct ini_error {
  std::string what;
};

/// All keys of a file, in order, or what is wrong with the first part that is no
/// INI: the file is taken whole or not at all. What is open when the input ends,
/// a byte that is no UTF-8 and a control character are errors.
std::variant<std::vector<ini_entry>, ini_error>
parse_ini(std::string_view text);

/// One value, and nothing around it.
std::optional<option_value> parse_ini_value(std::string_view text);

} // namespace parlor
