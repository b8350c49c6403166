// SPDX-License-Identifier: MIT
#include "app/option_value.hpp"

#include "app/ini.hpp"
#include "app/options_text.hpp"

#include <cctype>
#include <charconv>
#include <limits>

namespace parlor {

namespace {

using kind = option_value::kind;

struct base {
  std::string_view prefix;
  int digits;
};

/// "0" alone is a decimal digit.
constexpr base bases[]{{"0x", 16}, {"0X", 16}, {"0b", 2}, {"0B", 2}, {"0", 8}};

bool is_one_word(const option_value& x) {
  return x.is == kind::bare || x.is == kind::argument;
}

/// Takes an integer off the beginning; none where there is none or it does not
/// fit.
std::optional<int64_t> take_integer(std::string_view& from) {
  auto text = from;
  auto negative = text.starts_with('-');
  if (negative || text.starts_with('+'))
    text.remove_prefix(1);
  auto digits = 10;
  for (auto& x : bases)
    if (text.size() > x.prefix.size() && text.starts_with(x.prefix)
        && std::isalnum(static_cast<unsigned char>(text[x.prefix.size()]))
        && (x.digits != 8
            || std::isdigit(static_cast<unsigned char>(text[1])))) {
      digits = x.digits;
      text.remove_prefix(x.prefix.size());
      break;
    }
  uint64_t size = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(),
                                      size, digits);
  constexpr uint64_t most = std::numeric_limits<int64_t>::max();
  if (error != std::errc{} || size > most)
    return std::nullopt;
  from = text.substr(static_cast<size_t>(end - text.data()));
  auto result = static_cast<int64_t>(size);
  return negative ? -result : result;
}

std::vector<option_value> split(std::string_view text) {
  std::vector<option_value> result;
  while (!text.empty()) {
    auto comma = text.find(',');
    result.push_back({kind::argument, std::string{text.substr(0, comma)}, {}});
    if (comma == text.npos)
      break;
    text.remove_prefix(comma + 1);
    if (text.empty())
      result.push_back({kind::argument, {}, {}});
  }
  return result;
}

/// The items of a list, however it is written.
std::optional<std::vector<option_value>> items_of(const option_value& x) {
  if (x.is == kind::list)
    return x.items;
  if (x.is != kind::argument)
    return std::nullopt;
  if (!x.text.starts_with('['))
    return split(x.text);
  auto read = parse_ini_value(x.text);
  if (!read)
    return std::nullopt;
  return std::move(read->items);
}

} // namespace

std::string to_string(const option_value& x) {
  if (x.is == kind::quoted)
    return to_ini(std::string_view{x.text});
  if (x.is != kind::list)
    return x.text;
  std::string result = "[";
  for (auto& item : x.items)
    (result += result.size() > 1 ? ", " : "") += to_string(item);
  return result + ']';
}

std::optional<int64_t> to_integer(const option_value& x) {
  if (!is_one_word(x))
    return std::nullopt;
  std::string_view rest{x.text};
  auto result = take_integer(rest);
  return rest.empty() ? result : std::nullopt;
}

std::optional<std::chrono::nanoseconds> to_duration(const option_value& x) {
  if (!is_one_word(x))
    return std::nullopt;
  std::string_view rest{x.text};
  auto count = take_integer(rest);
  auto unit = nanoseconds_of(rest);
  int64_t result = 0;
  if (!count || !unit || __builtin_mul_overflow(*count, *unit, &result))
    return std::nullopt;
  return std::chrono::nanoseconds{result};
}

std::optional<bool> to_flag(const option_value& x) {
  if (!is_one_word(x) || (x.text != "true" && x.text != "false"))
    return std::nullopt;
  return x.text == "true";
}

std::optional<std::string> to_text(const option_value& x) {
  if (x.is != kind::quoted && x.is != kind::argument)
    return std::nullopt;
  return x.text;
}

std::optional<std::vector<std::string>> to_texts(const option_value& x) {
  auto items = items_of(x);
  if (!items)
    return std::nullopt;
  std::vector<std::string> result;
  for (auto& item : *items) {
    auto text = to_text(item);
    if (!text)
      return std::nullopt;
    result.push_back(*std::move(text));
  }
  return result;
}

} // namespace parlor
