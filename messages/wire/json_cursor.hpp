// SPDX-License-Identifier: MIT
#pragma once

#include "messages/wire/json_text.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace parlor::wire::json {

/// Goes through a text token by token (RFC 8259). Where what comes next is not
/// what was asked for, the answer is false and the place is lost.
class cursor {
public:
  explicit cursor(std::string_view text)
    : at_{text.data()}, end_{at_ + text.size()} {}

  bool at_end() const { return at_ == end_; }

  const char* place() const { return at_; }

  /// What was gone through since that place.
  std::string_view since(const char* start) const {
    return {start, static_cast<size_t>(at_ - start)};
  }

  /// The next byte; at the end a NUL, which no grammar rule allows.
  char peek() const { return at_ == end_ ? '\0' : *at_; }

  bool take(char x) {
    if (peek() != x)
      return false;
    ++at_;
    return true;
  }

  void skip_space() {
    while (at_ != end_
           && (*at_ == ' ' || *at_ == '\n' || *at_ == '\r' || *at_ == '\t'))
      ++at_;
  }

  /// A colon with the whitespace around it.
  bool colon() {
    skip_space();
    if (!take(':'))
      return false;
    skip_space();
    return true;
  }

  /// This word.
  bool word(std::string_view expected) {
    if (!std::string_view{at_, static_cast<size_t>(end_ - at_)}.starts_with(
          expected))
      return false;
    at_ += expected.size();
    return true;
  }

  /// A number, up to where it ends.
  bool number() {
    take('-');
    if (!take('0') && !digits())
      return false;
    if (take('.') && !digits())
      return false;
    if (take('e') || take('E')) {
      if (!take('+'))
        take('-');
      return digits();
    }
    return true;
  }

  /// A string with its quotes. `escaped` becomes true if it has an escape.
  bool string(bool& escaped) {
    if (!take('"'))
      return false;
    for (;;) {
      at_ += plain_length(at_, end_);
      if (take('"'))
        return true;
      // Otherwise a control character, or the end.
      if (!take('\\') || !escape())
        return false;
      escaped = true;
    }
  }

  bool string() {
    auto ignored = false;
    return string(ignored);
  }

private:
  static constexpr bool is_digit(char x) { return x >= '0' && x <= '9'; }

  /// The value of a hexadecimal digit, or 16.
  static constexpr uint32_t hex_value(char x) {
    if (is_digit(x))
      return static_cast<uint32_t>(x - '0');
    auto lower = static_cast<char>(x | 0x20);
    if (lower >= 'a' && lower <= 'f')
      return static_cast<uint32_t>(lower - 'a') + 10;
    return 16;
  }

  bool digits() {
    auto start = at_;
    while (at_ != end_ && is_digit(*at_))
      ++at_;
    return at_ != start;
  }

  /// The escape that the backslash before this begins.
  bool escape() {
    switch (peek()) {
      case '"':
      case '\\':
      case '/':
      case 'b':
      case 'f':
      case 'n':
      case 'r':
      case 't':
        ++at_;
        return true;
      case 'u':
        return unicode_escape();
      default:
        return false;
    }
  }

  bool unicode_escape() {
    uint32_t high = 0;
    if (!unit(high) || (high >= 0xDC00 && high <= 0xDFFF))
      return false;
    if (high < 0xD800 || high > 0xDFFF)
      return true;
    uint32_t low = 0;
    return take('\\') && unit(low) && low >= 0xDC00 && low <= 0xDFFF;
  }

  /// `u` and four digits.
  bool unit(uint32_t& result) {
    if (!take('u'))
      return false;
    for (auto i = 0; i < 4; ++i) {
      auto digit = hex_value(peek());
      if (digit > 15)
        return false;
      result = result << 4 | digit;
      ++at_;
    }
    return true;
  }

  const char* at_;
  const char* end_;
};

} // namespace parlor::wire::json
