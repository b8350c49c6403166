// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace parlor::wire::json {

/// However deep the caller allows a text to nest, deeper than this is too deep:
/// the scanner keeps one bit a level, on the stack.
inline constexpr size_t max_depth = 1024;

/// What a text turned out to be. A text that nests too deep is not looked at
/// any further.
enum class finding : uint8_t { object, other_value, malformed, too_deep };

/// A member of the top-level object that the caller asks for.
struct member {
  /// Its key, escapes decoded.
  std::string_view name;
  /// The raw text of its value, inside the scanned text; empty where the object
  /// has no such member. Where it has several, the last.
  std::string_view value;
};

/// Checks that a text, valid UTF-8, is one JSON value and nothing else (RFC
/// 8259; no lone surrogates, no byte order mark), and fills in the members that
/// are wanted where the value is an object. `depth` is how deep arrays and
/// objects may nest, the outermost counted. Where no object was found,
/// those are filled in that were read before the fault. One pass, no recursion; allocates only for a key
/// with escapes.
finding scan(std::string_view text, size_t depth, std::span<member> wanted);

} // namespace parlor::wire::json
