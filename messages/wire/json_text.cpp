// SPDX-License-Identifier: MIT
#include "messages/wire/json_text.hpp"

#include <algorithm>
#include <charconv>
#include <cstring>

namespace parlor::wire::json {

namespace {

constexpr std::string_view whitespace = " \t\n\r";

uint32_t hex4(std::string_view digits) {
  uint32_t result = 0;
  std::from_chars(digits.data(), digits.data() + 4, result, 16);
  return result;
}

void append_utf8(std::string& out, uint32_t code_point) {
  auto put = [&](uint32_t byte) { out += static_cast<char>(byte); };
  auto put_tail = [&](unsigned shift) {
    put(0x80 | ((code_point >> shift) & 0x3F));
  };
  if (code_point < 0x80) {
    put(code_point);
  } else if (code_point < 0x800) {
    put(0xC0 | (code_point >> 6));
    put_tail(0);
  } else if (code_point < 0x10000) {
    put(0xE0 | (code_point >> 12));
    put_tail(6);
    put_tail(0);
  } else {
    put(0xF0 | (code_point >> 18));
    put_tail(12);
    put_tail(6);
    put_tail(0);
  }
}

/// Appends the code point of the `\u` escape that `text` starts with, which may
/// be a surrogate pair, and returns the escape's length.
size_t append_unicode_escape(std::string& out, std::string_view text) {
  auto unit = hex4(text.substr(2));
  if (unit < 0xD800 || unit > 0xDFFF) {
    append_utf8(out, unit);
    return 6;
  }
  auto low = hex4(text.substr(8));
  append_utf8(out, 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00));
  return 12;
}

/// Appends what the escape that `text` starts with stands for, and returns its
/// length.
size_t append_escape(std::string& out, std::string_view text) {
  switch (text[1]) {
    case 'b':
      out += '\b';
      return 2;
    case 'f':
      out += '\f';
      return 2;
    case 'n':
      out += '\n';
      return 2;
    case 'r':
      out += '\r';
      return 2;
    case 't':
      out += '\t';
      return 2;
    case 'u':
      return append_unicode_escape(out, text);
    default:
      out += text[1];
      return 2;
  }
}

void append_escaped(std::string& out, char x) {
  constexpr std::string_view named = "\"\\\b\f\n\r\t";
  constexpr std::string_view letters = "\"\\bfnrt";
  constexpr std::string_view digits = "0123456789abcdef";
  out += '\\';
  if (auto i = named.find(x); i != std::string_view::npos) {
    out += letters[i];
    return;
  }
  out.append("u00");
  out += digits[static_cast<uint8_t>(x) >> 4];
  out += digits[static_cast<uint8_t>(x) & 15];
}

/// The length of the string, with its quotes, that `text` starts with.
size_t string_length(std::string_view text) {
  size_t i = 1;
  while (text[i] != '"')
    i += text[i] == '\\' ? 2 : 1;
  return i + 1;
}

} // namespace

void append_decoded(std::string& out, std::string_view raw) {
  auto rest = raw.substr(1, raw.size() - 2);
  for (;;) {
    auto plain = std::min(rest.find('\\'), rest.size());
    out.append(rest.substr(0, plain));
    rest.remove_prefix(plain);
    if (rest.empty())
      return;
    rest.remove_prefix(append_escape(out, rest));
  }
}

std::string decoded(std::string_view raw) {
  std::string result;
  append_decoded(result, raw);
  return result;
}

void append_quoted(std::string& out, std::string_view text) {
  // Most texts need no escape: written in one go.
  if (plain_length(text.data(), text.data() + text.size()) == text.size()) {
    auto start = out.size();
    out.resize(start + text.size() + 2);
    auto* to = out.data() + start;
    *to = '"';
    std::memcpy(to + 1, text.data(), text.size());
    to[text.size() + 1] = '"';
    return;
  }
  auto at = text.data();
  auto end = at + text.size();
  out += '"';
  for (;;) {
    auto plain = plain_length(at, end);
    out.append(at, plain);
    at += plain;
    if (at == end)
      break;
    append_escaped(out, *at++);
  }
  out += '"';
}

void append_compact(std::string& out, std::string_view raw) {
  while (!raw.empty()) {
    auto run = raw.front() == '"'
                 ? string_length(raw)
                 : std::min(raw.find_first_of("\" \t\n\r"), raw.size());
    out.append(raw.substr(0, run));
    raw.remove_prefix(run);
    raw.remove_prefix(std::min(raw.find_first_not_of(whitespace), raw.size()));
  }
}

} // namespace parlor::wire::json
