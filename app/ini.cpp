// SPDX-License-Identifier: MIT
#include "app/ini.hpp"

#include "messages/wire/names.hpp"

#include <algorithm>

namespace parlor {

namespace {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

bool is_name_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')
         || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
}

bool is_word_character(char c) {
  return is_name_character(c) || c == '+';
}

/// Reads a file from its beginning to its end, or up to the first error.
class ini_reader {
public:
  explicit ini_reader(std::string_view text) : rest_{text} {}

  /// Whether there was no error, and nothing is left.
  bool read_file() {
    std::string section;
    for (skip_lines(); !rest_.empty(); skip_lines())
      if (!(rest_.starts_with('[') ? read_section(section) : read_key(section)))
        return false;
    return true;
  }

  std::optional<option_value> read_whole_value() {
    option_value result;
    if (!read_value(result) || !rest_.empty())
      return std::nullopt;
    return result;
  }

  std::vector<ini_entry> entries;
  std::string error;

private:
  bool fail(std::string what) {
    error = "line " + std::to_string(line_) + ": " + std::move(what);
    return false;
  }

  bool fail_at_character() {
    if (rest_.empty() || rest_.front() == '\n')
      return fail("the line is cut off");
    return fail("unexpected character " + std::string{rest_.front()});
  }

  void skip_blanks() {
    while (rest_.starts_with(' ') || rest_.starts_with('\t')
           || rest_.starts_with("\r\n") || rest_ == "\r")
      rest_.remove_prefix(1);
    if (rest_.starts_with(';'))
      rest_.remove_prefix(std::min(rest_.find('\n'), rest_.size()));
  }

  void skip_lines() {
    for (skip_blanks(); rest_.starts_with('\n'); skip_blanks()) {
      rest_.remove_prefix(1);
      ++line_;
    }
  }

  bool take(char c) {
    if (!rest_.starts_with(c))
      return false;
    rest_.remove_prefix(1);
    return true;
  }

  std::string take_while(bool (*fits)(char)) {
    auto end = std::find_if_not(rest_.begin(), rest_.end(), fits);
    std::string result{rest_.begin(), end};
    rest_.remove_prefix(result.size());
    return result;
  }

  bool read_section(std::string& name) {
    take('[');
    skip_blanks();
    name = take_while(is_name_character);
    skip_blanks();
    return (!name.empty() && take(']')) || fail("the section has no ]");
  }

  bool read_key(const std::string& section) {
    ini_entry made{line_, section, {}};
    auto name = take_while(is_name_character);
    if (name.empty())
      return fail_at_character();
    (made.key += section.empty() ? "" : ".") += name;
    skip_blanks();
    if (!take('='))
      return fail("expected = behind " + made.key);
    skip_blanks();
    if (!read_value(made.value))
      return false;
    skip_blanks();
    if (!rest_.empty() && rest_.front() != '\n')
      return fail("unexpected character " + std::string{rest_.front()}
                  + " behind the value of " + made.key);
    entries.push_back(std::move(made));
    return true;
  }

  bool read_value(option_value& into) {
    if (rest_.starts_with('['))
      return read_list(into);
    return read_item(into);
  }

  bool read_item(option_value& into) {
    if (rest_.starts_with('"'))
      return read_text(into);
    into.is = option_value::kind::bare;
    into.text = take_while(is_word_character);
    if (into.text.empty())
      return rest_.empty() || rest_.front() == '\n'
               ? fail("the value is missing")
               : fail("unexpected character " + std::string{rest_.front()}
                      + "; texts are in double quotes");
    return true;
  }

  bool read_text(option_value& into) {
    into.is = option_value::kind::quoted;
    take('"');
    for (;;) {
      if (rest_.empty() || rest_.front() == '\n')
        return fail("the text has no closing quote");
      auto c = take_one();
      if (c == '"')
        return true;
      if (c == '\\' && !take_escaped(c))
        return fail("a \\ in a text is followed by n, r, t, \\ or \"");
      into.text += c;
    }
  }

  char take_one() {
    auto result = rest_.front();
    rest_.remove_prefix(1);
    return result;
  }

  bool take_escaped(char& into) {
    constexpr std::string_view written = "nrt\\\"";
    constexpr std::string_view meant = "\n\r\t\\\"";
    auto at = rest_.empty() ? written.npos : written.find(rest_.front());
    if (at == written.npos)
      return false;
    into = meant[at];
    rest_.remove_prefix(1);
    return true;
  }

  bool read_list(option_value& into) {
    into.is = option_value::kind::list;
    auto begin = line_;
    take('[');
    for (skip_lines(); !take(']'); skip_lines()) {
      if (rest_.empty()) {
        line_ = begin;
        return fail("the list has no ]");
      }
      if (!read_item(into.items.emplace_back()))
        return false;
      skip_lines();
      if (!take(',') && !rest_.starts_with(']'))
        return fail(rest_.empty() ? "the list has no ]"
                                  : "expected , or ] in the list");
    }
    return true;
  }

  std::string_view rest_;
  size_t line_ = 1;
};

/// A byte that no text has: the line's number, or 0.
size_t line_of_control_character(std::string_view text) {
  auto at = std::find_if(text.begin(), text.end(), [](char c) {
    auto byte = static_cast<unsigned char>(c);
    return (byte < 0x20 && c != '\n' && c != '\r' && c != '\t') || byte == 0x7F;
  });
  return at == text.end()
           ? 0
           : 1 + static_cast<size_t>(std::count(text.begin(), at, '\n'));
}

} // namespace

std::variant<std::vector<ini_entry>, ini_error>
parse_ini(std::string_view text) {
  if (text.starts_with(byte_order_mark))
    text.remove_prefix(byte_order_mark.size());
  if (!wire::valid_utf8(text))
    return ini_error{"is not in UTF-8"};
  if (auto line = line_of_control_character(text))
    return ini_error{"line " + std::to_string(line) + ": a control character"};
  ini_reader reader{text};
  if (!reader.read_file())
    return ini_error{std::move(reader.error)};
  return std::move(reader.entries);
}

std::optional<option_value> parse_ini_value(std::string_view text) {
  return ini_reader{text}.read_whole_value();
}

} // namespace parlor
