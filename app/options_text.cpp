// SPDX-License-Identifier: MIT
#include "app/options_text.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

namespace parlor {

namespace {

struct unit {
  int64_t nanoseconds;
  std::string_view name;
};

constexpr std::array<unit, 6> units{{{3'600'000'000'000, "h"},
                                     {60'000'000'000, "min"},
                                     {1'000'000'000, "s"},
                                     {1'000'000, "ms"},
                                     {1'000, "us"},
                                     {1, "ns"}}};

constexpr std::string_view usage
  = "Usage: parlor [--KEY=VALUE]...\n"
    "\n"
    "A realtime WebSocket rooms service. Durations are like 300ms, 15s, 5min;\n"
    "lists are separated by commas. A key of the command line wins over the\n"
    "same key of the file, where --server.port=80 is port = 80 in [server].\n"
    "\n"
    "  --help\n"
    "      Print this.\n"
    "  --version\n"
    "      Print the version.\n"
    "  --config-file=FILE\n"
    "      Read the configuration in FILE; none is read otherwise.\n"
    "  --dump-config\n"
    "      Print the configuration with all defaults, as a file.\n"
    "  --check-config\n"
    "      Check the configuration and end.\n";

std::string_view section_of(const option& x) {
  return std::string_view{x.key}.substr(0, x.key.find('.'));
}

std::string_view name_of(const option& x) {
  return std::string_view{x.key}.substr(x.key.find('.') + 1);
}

/// `--key=default  takes`, with the takes in a column of their own where that
/// fits the line.
std::string help_line(const option& x) {
  constexpr size_t column = 45;
  auto result = "  --" + x.key;
  if (!x.flag)
    (result += '=') += x.value();
  result.append(result.size() < column ? column - result.size() : 2, ' ');
  return result + x.takes + '\n';
}

} // namespace

std::string to_ini(std::chrono::nanoseconds x) {
  for (const auto& [nanoseconds, name] : units)
    if (x.count() % nanoseconds == 0 && x.count() != 0)
      return std::to_string(x.count() / nanoseconds).append(name);
  return "0s";
}

std::optional<int64_t> nanoseconds_of(std::string_view unit) {
  auto at = std::find_if(units.begin(), units.end(),
                         [=](auto& x) { return x.name == unit; });
  if (at == units.end())
    return std::nullopt;
  return at->nanoseconds;
}

std::string to_ini(std::string_view x) {
  std::string result = "\"";
  for (auto c : x) {
    switch (c) {
      case '\n':
        result += "\\n";
        break;
      case '\r':
        result += "\\r";
        break;
      case '\t':
        result += "\\t";
        break;
      case '"':
      case '\\':
        result += '\\';
        [[fallthrough]];
      default:
        result += c;
    }
  }
  return result + '"';
}

std::string to_ini(const std::vector<std::string>& xs) {
  std::string result = "[";
  for (const auto& x : xs) {
    if (result.size() > 1)
      result += ", ";
    result += to_ini(std::string_view{x});
  }
  return result + ']';
}

std::string listed(std::span<const std::string_view> names) {
  std::string result;
  for (auto x : names)
    (result += result.empty() ? "" : ", ") += x;
  return result;
}

std::string help_text(const configuration& x) {
  std::string result{usage};
  std::string_view section;
  for (const auto& row : x.all()) {
    if (section_of(row) != section)
      result += '\n';
    section = section_of(row);
    result += help_line(row);
    (result += "      ").append(row.about) += '\n';
  }
  return result;
}

std::string dump_text(const configuration& x) {
  std::string result;
  std::string_view section;
  for (const auto& row : x.all()) {
    if (section_of(row) != section) {
      section = section_of(row);
      result += result.empty() ? "[" : "\n[";
      result.append(section) += "]\n";
    }
    result.append(name_of(row)) += " = " + row.value() + '\n';
  }
  return result;
}

} // namespace parlor
