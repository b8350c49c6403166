// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace parlor::transport {

/// Decodes `%XX`; none where a `%` is not followed by two hexadecimal digits.
/// What the bytes mean is not looked at.
std::optional<std::string> percent_decoded(std::string_view text);

/// A request target in origin form, taken apart and decoded.
struct url {
  /// Between the slashes, decoded one by one: a segment may contain a slash.
  std::vector<std::string> path;
  /// In their order; `+` is a blank here, as in a browser's form. A name
  /// without `=` has an empty value.
  std::vector<std::pair<std::string, std::string>> query;

  /// The first value of this name.
  std::optional<std::string_view> find(std::string_view name) const;
};

/// None where the target does not begin with a slash, or is not decodable.
std::optional<url> parse_url(std::string_view target);

} // namespace parlor::transport
