// SPDX-License-Identifier: MIT
#include "telemetry/line.hpp"

#include "telemetry/escape.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <variant>

namespace parlor::log {

namespace {

constexpr std::array<std::string_view, 4> level_names{"debug", "info", "warn",
                                                      "error"};

constexpr std::array<std::string_view, 2> format_names{"text", "json"};

void append_padded(std::string& out, int64_t number, size_t digits) {
  auto text = std::to_string(number);
  if (text.size() < digits)
    out.append(digits - text.size(), '0');
  out += text;
}

template <class Number>
void append_number(std::string& out, Number x) {
  std::array<char, 32> digits;
  auto end = std::to_chars(digits.begin(), digits.end(), x).ptr;
  out.append(digits.begin(), end);
}

/// Appends a value; texts go through one of the functions of escape.hpp.
struct value_writer {
  std::string& line;
  void (*append)(std::string&, std::string_view);

  void operator()(std::string_view x) const { append(line, x); }

  void operator()(bool x) const { line += x ? "true" : "false"; }

  void operator()(double x) const {
    // JSON knows neither infinity nor NaN.
    if (std::isfinite(x))
      append_number(line, x);
    else
      line += "null";
  }

  void operator()(int64_t x) const { append_number(line, x); }

  void operator()(uint64_t x) const { append_number(line, x); }
};

std::string render_text(const entry& x) {
  constexpr size_t level_width = 5;
  auto line = render(x.time);
  auto name = to_string(x.level);
  line += ' ';
  line += name;
  line.append(level_width - name.size() + 1, ' ');
  append_bare(line, x.event);
  for (const auto& [key, value] : x.fields) {
    line += ' ';
    append_bare(line, key);
    line += '=';
    std::visit(value_writer{line, append_text}, value.data());
  }
  return line;
}

std::string render_json(const entry& x) {
  std::string line = "{\"time\":\"" + render(x.time) + "\",\"level\":\"";
  line += to_string(x.level);
  line += "\",\"event\":";
  append_json_string(line, x.event);
  for (const auto& [key, value] : x.fields) {
    line += ',';
    append_json_string(line, key);
    line += ':';
    std::visit(value_writer{line, append_json_string}, value.data());
  }
  line += '}';
  return line;
}

} // namespace

std::string_view to_string(level x) noexcept {
  return level_names[static_cast<size_t>(x)];
}

std::string_view to_string(format x) noexcept {
  return format_names[static_cast<size_t>(x)];
}

std::string render(std::chrono::system_clock::time_point time) {
  using namespace std::chrono;
  auto ms = floor<milliseconds>(time);
  auto day = floor<days>(ms);
  year_month_day date{day};
  hh_mm_ss clock{ms - day};
  std::string out;
  append_padded(out, int{date.year()}, 4);
  append_padded(out += '-', unsigned{date.month()}, 2);
  append_padded(out += '-', unsigned{date.day()}, 2);
  append_padded(out += 'T', clock.hours().count(), 2);
  append_padded(out += ':', clock.minutes().count(), 2);
  append_padded(out += ':', clock.seconds().count(), 2);
  append_padded(out += '.', clock.subseconds().count(), 3);
  return out += 'Z';
}

std::string render(const entry& x, format style) {
  return style == format::json ? render_json(x) : render_text(x);
}

} // namespace parlor::log
