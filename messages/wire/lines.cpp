// SPDX-License-Identifier: MIT
#include "messages/wire/lines.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <cstdint>

namespace parlor::wire {

namespace {

struct range {
  char32_t first;
  char32_t last;

  constexpr bool contains(char32_t x) const { return first <= x && x <= last; }
};

/// What no line has as it is: control characters but for the tab, separators of
/// lines and paragraphs, and what turns the direction of writing.
constexpr std::array breaking{
  range{0x0, 0x8},       range{0xA, 0x1F},      range{0x7F, 0x9F},
  range{0x2028, 0x202E}, range{0x2066, 0x2069},
};

/// What no name has as it is, besides: blanks but for the common one, and what
/// is not seen.
constexpr std::array unseen{
  range{0xA0, 0xA0},       range{0xAD, 0xAD},     range{0x61C, 0x61C},
  range{0x1680, 0x1680},   range{0x180E, 0x180E}, range{0x2000, 0x200F},
  range{0x202F, 0x202F},   range{0x205F, 0x206F}, range{0x2800, 0x2800},
  range{0x3000, 0x3000},   range{0x3164, 0x3164}, range{0xFEFF, 0xFEFF},
  range{0xE0000, 0xE0FFF},
};

template <class Ranges>
bool is_in(const Ranges& xs, char32_t x) {
  return std::ranges::any_of(xs, [=](auto& one) { return one.contains(x); });
}

bool breaks(char32_t x) {
  return is_in(breaking, x);
}

bool hides(char32_t x) {
  return breaks(x) || is_in(unseen, x);
}

/// Takes the first character off valid UTF-8.
char32_t take_character(std::string_view& from) noexcept {
  auto byte = [&](size_t i) { return static_cast<uint8_t>(from[i]); };
  size_t length = byte(0) < 0x80   ? 1
                  : byte(0) < 0xE0 ? 2
                  : byte(0) < 0xF0 ? 3
                                   : 4;
  length = std::min(length, from.size());
  char32_t result = length == 1 ? byte(0) : byte(0) & (0x7Fu >> length);
  for (size_t i = 1; i < length; ++i)
    result = result << 6 | (byte(i) & 0x3Fu);
  from.remove_prefix(length);
  return result;
}

void append_unit(std::string& out, uint32_t x) {
  std::array<char, 4> digits;
  auto end = std::to_chars(digits.begin(), digits.end(), x, 16).ptr;
  out.append("\\u").append(static_cast<size_t>(digits.end() - end), '0');
  out.append(digits.begin(), end);
}

/// As JSON does it: in UTF-16.
void append_escape(std::string& out, char32_t x) {
  switch (x) {
    case '\n':
      out.append("\\n");
      return;
    case '\r':
      out.append("\\r");
      return;
    case '"':
    case '\\':
      out += '\\';
      out += static_cast<char>(x);
      return;
    default:
      break;
  }
  if (x < 0x10000)
    return append_unit(out, x);
  append_unit(out, 0xD800 + ((x - 0x10000) >> 10));
  append_unit(out, 0xDC00 + ((x - 0x10000) & 0x3FF));
}

/// Appends a text in which some characters are escaped.
template <class Predicate>
void append_escaped(std::string& out, std::string_view text,
                    Predicate is_escaped) {
  while (!text.empty()) {
    auto rest = text;
    auto x = take_character(rest);
    if (is_escaped(x))
      append_escape(out, x);
    else
      out.append(text.substr(0, text.size() - rest.size()));
    text = rest;
  }
}

bool has_word(std::string_view text, std::string_view word) {
  while (!text.empty()) {
    auto end = std::min(text.find(' '), text.size());
    if (text.substr(0, end) == word)
      return true;
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return false;
}

bool all_seen(std::string_view text) {
  while (!text.empty())
    if (hides(take_character(text)))
      return false;
  return true;
}

/// Whether all of it is printable ASCII, as most texts are.
bool is_simple(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c >= ' ' && c <= '~'; });
}

} // namespace

void write(std::string& out, in_line x) {
  if (is_simple(x.text))
    out.append(x.text);
  else
    append_escaped(out, x.text, breaks);
}

bool is_plain_name(std::string_view name) noexcept {
  return !name.empty() && name.find_first_of(":[]\"") == name.npos
         && name.front() != ' ' && name.back() != ' '
         && !has_word(name, "joined") && !has_word(name, "left")
         && name != "error" && name != "the chat"
         && (is_simple(name) || all_seen(name));
}

void write(std::string& out, name_in_line x) {
  if (is_plain_name(x.name)) {
    out.append(x.name);
    return;
  }
  out += '"';
  append_escaped(out, x.name,
                 [](char32_t c) { return c == '"' || c == '\\' || hides(c); });
  out += '"';
}

} // namespace parlor::wire
