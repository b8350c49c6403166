// SPDX-License-Identifier: MIT
#include "app/options_file.hpp"

#include "app/options_text.hpp"

#include <caf/error.hpp>
#include <caf/expected.hpp>
#include <caf/message.hpp>
#include <caf/pec.hpp>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <optional>
#include <set>
#include <sstream>

namespace parlor {

namespace {

constexpr size_t max_file = 1 << 20;

std::optional<std::string> content_of(const std::string& path) {
  std::error_code none;
  if (std::filesystem::is_directory(path, none))
    return std::nullopt;
  std::ifstream in{path, std::ios::binary};
  if (!in)
    return std::nullopt;
  std::string result(max_file, '\0');
  in.read(result.data(), static_cast<std::streamsize>(result.size()));
  result.resize(static_cast<size_t>(in.gcount()));
  return result;
}

/// "near line 7: unexpected character", where CAF says {line = 7, column = 3}
/// and means the next one where a line is cut off.
std::string syntax_error(const caf::error& x) {
  auto reason = to_string(static_cast<caf::pec>(x.code()));
  std::replace(reason.begin(), reason.end(), '_', ' ');
  auto context = to_string(x.context());
  constexpr std::string_view digits = "0123456789";
  auto begin = context.find_first_of(digits, context.find("line"));
  if (begin == std::string::npos)
    return reason;
  auto end = context.find_first_not_of(digits, begin);
  return "near line " + context.substr(begin, end - begin) + ": " + reason;
}

std::string_view trimmed(std::string_view x) {
  auto begin = x.find_first_not_of(" \t\r");
  if (begin == std::string_view::npos)
    return {};
  return x.substr(begin, x.find_last_not_of(" \t\r") - begin + 1);
}

/// The key of a line like "port = 80"; empty where it has none.
std::string_view key_of(std::string_view line) {
  auto key = trimmed(line.substr(0, line.find('=')));
  for (auto c : key)
    if (!std::isalnum(static_cast<unsigned char>(c)) && c != '-' && c != '_')
      return {};
  return line.find('=') == std::string_view::npos ? std::string_view{} : key;
}

/// Takes the next word off a line: what is neither a separator nor quoted, nor in
/// a comment. Empty at the line's end.
std::string_view take_word(std::string_view& line) {
  constexpr std::string_view separators = " \t\r=,[]{}";
  for (;;) {
    line.remove_prefix(
      std::min(line.find_first_not_of(separators), line.size()));
    if (line.empty() || line.front() == ';')
      return {};
    if (line.front() != '"')
      break;
    size_t end = 1;
    while (end < line.size() && line[end] != '"')
      end += line[end] == '\\' ? 2 : 1;
    line.remove_prefix(std::min(end + 1, line.size()));
  }
  auto end = std::min(line.find_first_of(" \t\r=,[]{};\""), line.size());
  auto result = line.substr(0, end);
  line.remove_prefix(end);
  return result;
}

} // namespace

std::vector<std::string> beyond_range(std::string_view ini) {
  std::vector<std::string> result;
  std::istringstream lines{std::string{ini}};
  size_t number = 0;
  for (std::string text; std::getline(lines, text);) {
    ++number;
    std::string_view line{text};
    for (auto word = take_word(line); !word.empty(); word = take_word(line))
      if (is_beyond_range(word))
        result.push_back("line " + std::to_string(number) + ": "
                         + std::string{word} + " is out of range");
  }
  return result;
}

std::vector<std::string> oddities(std::string_view ini) {
  std::vector<std::string> result;
  std::set<std::string, std::less<>> seen;
  std::string section;
  std::istringstream lines{std::string{ini}};
  size_t number = 0;
  for (std::string text; std::getline(lines, text);) {
    auto at = "line " + std::to_string(++number) + ": ";
    auto line = trimmed(text);
    if (line.starts_with('[')) {
      auto end = line.find(']');
      if (end == std::string_view::npos)
        result.push_back(at + "expected ]");
      section = trimmed(line.substr(1, end - 1));
      line = end == std::string_view::npos ? "" : line.substr(end + 1);
    }
    auto key = key_of(line);
    if (!key.empty() && !seen.insert(section + '.' + std::string{key}).second)
      result.push_back(at + section + '.' + std::string{key}
                       + " is given twice");
  }
  return result;
}

namespace {

std::vector<std::string> read_text(configuration& target,
                                   const std::string& text) {
  std::istringstream in{text};
  auto content = caf::actor_system_config::parse_config(in);
  if (!content)
    return {syntax_error(content.error())};
  auto problems = target.read(*content);
  for (auto& x : oddities(text))
    problems.push_back(std::move(x));
  return problems;
}

} // namespace

std::vector<std::string> read_file(configuration& target,
                                   const std::string& path) {
  auto text = content_of(path);
  if (!text)
    return {path + ": cannot be read"};
  if (text->size() == max_file)
    return {path + ": is no configuration file: too long"};
  auto problems = beyond_range(*text);
  if (problems.empty())
    problems = read_text(target, *text);
  for (auto& x : problems)
    x = path + ": " + x;
  return problems;
}

} // namespace parlor
