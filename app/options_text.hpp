// SPDX-License-Identifier: MIT
#pragma once

#include "app/options.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// Values and tables of options as text. Pure.
namespace parlor {

/// A duration in the largest unit that it is a whole number of: 5min, 300ms.
std::string to_ini(std::chrono::nanoseconds x);

/// A quoted text as a file has it.
std::string to_ini(std::string_view x);

std::string to_ini(const std::vector<std::string>& xs);

/// The nanoseconds of a unit by its name: ns, us, ms, s, min or h.
std::optional<int64_t> nanoseconds_of(std::string_view unit);

/// "text, json".
std::string listed(std::span<const std::string_view> names);

/// `--help`: every option with its default, its values and one line.
std::string help_text(const configuration& x);

/// `--dump-config`: every key with its value, readable as a file.
std::string dump_text(const configuration& x);

} // namespace parlor
