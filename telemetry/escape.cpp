// SPDX-License-Identifier: MIT
#include "telemetry/escape.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

namespace parlor::log {

namespace {

constexpr std::string_view hex_digits = "0123456789abcdef";

/// One character, or one byte that is part of none.
struct piece {
  std::string_view bytes;
  char32_t point = 0;
  bool valid = false;
};

constexpr uint8_t byte(std::string_view text, size_t i) {
  return static_cast<uint8_t>(text[i]);
}

/// Bytes of the character that begins with this one; 0 where none does.
constexpr size_t length_of(uint8_t lead) {
  if (lead < 0x80)
    return 1;
  if (lead < 0xC2)
    return 0;
  return lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : lead < 0xF5 ? 4 : 0;
}

constexpr bool is_scalar(char32_t x, size_t length) {
  constexpr std::array<char32_t, 5> least{0, 0, 0x80, 0x800, 0x10000};
  return x >= least[length] && x <= 0x10FFFF && !(x >= 0xD800 && x <= 0xDFFF);
}

/// The first character of a text that is not empty.
piece front(std::string_view text) {
  auto lead = byte(text, 0);
  auto length = length_of(lead);
  if (length == 1)
    return {text.substr(0, 1), lead, true};
  if (length == 0 || length > text.size())
    return {text.substr(0, 1), 0, false};
  char32_t point = lead & (0x7Fu >> length);
  for (size_t i = 1; i < length; ++i) {
    if ((byte(text, i) & 0xC0) != 0x80)
      return {text.substr(0, 1), 0, false};
    point = point << 6 | (byte(text, i) & 0x3Fu);
  }
  if (!is_scalar(point, length))
    return {text.substr(0, 1), 0, false};
  return {text.substr(0, length), point, true};
}

/// Characters that move the cursor, end the line or turn the reading direction.
constexpr bool is_control(char32_t x) {
  return x < 0x20 || (x >= 0x7F && x < 0xA0) || (x >= 0x2028 && x <= 0x202E)
         || (x >= 0x2066 && x <= 0x2069);
}

void append_hex(std::string& line, uint32_t x, int digits) {
  for (int i = digits - 1; i >= 0; --i)
    line += hex_digits[x >> (4 * i) & 0xF];
}

void append_unicode(std::string& line, char32_t point) {
  line += "\\u";
  append_hex(line, point, 4);
}

void append_json(std::string& line, const piece& x) {
  if (!x.valid)
    line += "\xEF\xBF\xBD";
  else if (x.point == '"' || x.point == '\\')
    (line += '\\') += x.bytes;
  else if (is_control(x.point))
    append_unicode(line, x.point);
  else
    line += x.bytes;
}

void append_readable(std::string& line, const piece& x) {
  if (!x.valid) {
    line += "\\x";
    append_hex(line, byte(x.bytes, 0), 2);
  } else if (x.point == '\n') {
    line += "\\n";
  } else if (x.point == '\r') {
    line += "\\r";
  } else if (x.point == '\t') {
    line += "\\t";
  } else {
    append_json(line, x);
  }
}

template <class Append>
void for_each_piece(std::string& line, std::string_view text, Append append) {
  size_t written = 0;
  while (written < text.size()) {
    auto next = front(text.substr(written));
    if (written + next.bytes.size() > max_text) {
      line += "...";
      return;
    }
    append(line, next);
    written += next.bytes.size();
  }
}

constexpr bool is_plain(char x) {
  return x > ' ' && x < 0x7F && x != '"' && x != '\\' && x != '=';
}

} // namespace

void append_json_string(std::string& line, std::string_view text) {
  line += '"';
  for_each_piece(line, text, append_json);
  line += '"';
}

void append_text(std::string& line, std::string_view text) {
  if (!text.empty() && text.size() <= max_text
      && std::all_of(text.begin(), text.end(), is_plain)) {
    line += text;
    return;
  }
  line += '"';
  append_bare(line, text);
  line += '"';
}

void append_bare(std::string& line, std::string_view text) {
  for_each_piece(line, text, append_readable);
}

} // namespace parlor::log
