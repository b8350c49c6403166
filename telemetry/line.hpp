// SPDX-License-Identifier: MIT
#pragma once

#include "telemetry/log.hpp"

#include <chrono>
#include <initializer_list>
#include <string>
#include <string_view>

namespace parlor::log {

/// What one line says.
struct entry {
  std::chrono::system_clock::time_point time;
  log::level level = level::info;
  std::string_view event;
  std::initializer_list<field> fields;
};

/// Writes an entry in one of the two forms, without the newline. Pure.
std::string render(const entry& x, format style);

/// RFC 3339 in UTC with milliseconds: 2026-11-21T01:02:03.004Z.
std::string render(std::chrono::system_clock::time_point time);

std::string_view to_string(level x) noexcept;
std::string_view to_string(format x) noexcept;

} // namespace parlor::log
