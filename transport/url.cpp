// SPDX-License-Identifier: MIT
#include "transport/url.hpp"

#include <algorithm>

namespace parlor::transport {

namespace {

int hex_digit(char c) {
  if (c >= '0' && c <= '9')
    return c - '0';
  if (c >= 'a' && c <= 'f')
    return c - 'a' + 10;
  if (c >= 'A' && c <= 'F')
    return c - 'A' + 10;
  return -1;
}

std::optional<std::string> form_decoded(std::string_view text) {
  std::string blanks{text};
  std::replace(blanks.begin(), blanks.end(), '+', ' ');
  return percent_decoded(blanks);
}

/// Calls `f` with each part between the separators, until it returns false.
template <class F>
bool for_each_part(std::string_view text, char separator, F f) {
  for (;;) {
    auto end = text.find(separator);
    if (!f(text.substr(0, end)))
      return false;
    if (end == text.npos)
      return true;
    text.remove_prefix(end + 1);
  }
}

} // namespace

std::optional<std::string> percent_decoded(std::string_view text) {
  std::string result;
  result.reserve(text.size());
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      result += text[i];
      continue;
    }
    if (text.size() - i < 3)
      return std::nullopt;
    auto high = hex_digit(text[i + 1]);
    auto low = hex_digit(text[i + 2]);
    if (high < 0 || low < 0)
      return std::nullopt;
    result += static_cast<char>(high * 16 + low);
    i += 2;
  }
  return result;
}

std::optional<std::string_view> url::find(std::string_view name) const {
  for (auto& [key, value] : query)
    if (key == name)
      return value;
  return std::nullopt;
}

std::optional<url> parse_url(std::string_view target) {
  if (target.empty() || target.front() != '/')
    return std::nullopt;
  auto mark = target.find('?');
  auto path = target.substr(1, mark == target.npos ? mark : mark - 1);
  url result;
  auto add_segment = [&](std::string_view raw) {
    auto text = percent_decoded(raw);
    if (text)
      result.path.push_back(std::move(*text));
    return text.has_value();
  };
  auto add_pair = [&](std::string_view raw) {
    if (raw.empty())
      return true;
    auto equals = raw.find('=');
    auto name = form_decoded(raw.substr(0, equals));
    auto value = form_decoded(equals == raw.npos ? std::string_view{}
                                                 : raw.substr(equals + 1));
    if (name && value)
      result.query.emplace_back(std::move(*name), std::move(*value));
    return name && value;
  };
  if (!for_each_part(path, '/', add_segment))
    return std::nullopt;
  if (mark != target.npos
      && !for_each_part(target.substr(mark + 1), '&', add_pair))
    return std::nullopt;
  return result;
}

} // namespace parlor::transport
