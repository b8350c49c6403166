// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace parlor {

/// A value of the configuration as somebody has written it. Pure.
struct option_value {
  enum class kind : uint8_t {
    /// A number, a duration, true or false, in a file.
    bare,
    /// In double quotes in a file; `text` is what is between them.
    quoted,
    /// In brackets in a file.
    list,
    /// Behind the equals sign of an argument, where nothing is quoted.
    argument,
  };

  kind is = kind::bare;
  std::string text;
  /// Of a list, each bare or quoted.
  std::vector<option_value> items;

  bool operator==(const option_value&) const = default;
};

/// As a file has it.
std::string to_string(const option_value& x);

/// An integer in decimal or, as 0x1F, 0b11 or 017, in another base. None where
/// it is anything else or does not fit.
std::optional<int64_t> to_integer(const option_value& x);

/// An integer and ns, us, ms, s, min or h. None where it is anything else, or
/// more than 2^63 - 1 ns.
std::optional<std::chrono::nanoseconds> to_duration(const option_value& x);

std::optional<bool> to_flag(const option_value& x);

/// None for a bare value: texts are quoted in a file.
std::optional<std::string> to_text(const option_value& x);

/// A list of texts; an argument is split at its commas, unless it is in brackets.
std::optional<std::vector<std::string>> to_texts(const option_value& x);

} // namespace parlor
