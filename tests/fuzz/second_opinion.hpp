// SPDX-License-Identifier: MIT
#pragma once

#include <nlohmann/json.hpp>

#include <cstddef>
#include <optional>
#include <string_view>

/// What nlohmann's parser makes of a text.
namespace parlor::fuzz {

using nlohmann::json;

/// Whether nlohmann's parser can judge a text as we do: it skips a byte order
/// mark, and takes a NUL for the end.
bool comparable(std::string_view text);

struct opinion {
  /// None where the text is no JSON.
  std::optional<json> value;
  /// A number is above what a double holds: the parser has stopped there, and
  /// nothing is known of the rest.
  bool stopped = false;
};

opinion opinion_of(std::string_view text);

/// The value of a text that has to be JSON.
json parsed(std::string_view text);

/// How deep arrays and objects nest.
size_t depth_of(const json& x);

/// Whether a string is UTF-8: nlohmann writes no other.
bool writable(std::string_view text);

} // namespace parlor::fuzz
