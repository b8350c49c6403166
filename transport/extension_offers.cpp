// SPDX-License-Identifier: MIT
#include "transport/extension_offers.hpp"

#include <utility>

namespace parlor::transport {

namespace {

/// Of HTTP (RFC 9110 §5.6.2).
constexpr bool is_token_char(char c) {
  constexpr std::string_view others = "!#$%&'*+-.^_`|~";
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')
         || (c >= '0' && c <= '9') || others.find(c) != others.npos;
}

/// Reads a header's value from left to right; blanks are between all its parts.
class cursor {
public:
  explicit cursor(std::string_view text) : rest_{text} { skip_blanks(); }

  bool done() const noexcept { return rest_.empty(); }

  bool take(char c) {
    if (!rest_.starts_with(c))
      return false;
    rest_.remove_prefix(1);
    skip_blanks();
    return true;
  }

  /// Empty where there is none.
  std::string_view take_token() {
    size_t size = 0;
    while (size < rest_.size() && is_token_char(rest_[size]))
      ++size;
    auto result = rest_.substr(0, size);
    rest_.remove_prefix(size);
    skip_blanks();
    return result;
  }

  /// A token, or one in quotes; empty where there is neither.
  std::string take_value() {
    if (!rest_.starts_with('"'))
      return std::string{take_token()};
    rest_.remove_prefix(1);
    std::string result;
    while (!rest_.empty() && rest_.front() != '"') {
      if (rest_.front() == '\\')
        rest_.remove_prefix(1);
      if (rest_.empty() || !is_token_char(rest_.front()))
        return {};
      result += rest_.front();
      rest_.remove_prefix(1);
    }
    return take('"') ? result : std::string{};
  }

private:
  void skip_blanks() {
    while (rest_.starts_with(' ') || rest_.starts_with('\t'))
      rest_.remove_prefix(1);
  }

  std::string_view rest_;
};

std::optional<extension_parameter> read_parameter(cursor& from) {
  extension_parameter result{from.take_token(), {}};
  if (result.name.empty())
    return std::nullopt;
  if (from.take('=')) {
    result.value = from.take_value();
    if (result.value->empty())
      return std::nullopt;
  }
  return result;
}

std::optional<extension_offer> read_offer(cursor& from) {
  extension_offer result{from.take_token(), {}};
  if (result.name.empty())
    return std::nullopt;
  while (from.take(';')) {
    auto parameter = read_parameter(from);
    if (!parameter)
      return std::nullopt;
    result.parameters.push_back(std::move(*parameter));
  }
  return result;
}

} // namespace

std::vector<extension_offer> extension_offers(std::string_view value) {
  std::vector<extension_offer> result;
  cursor from{value};
  while (!from.done()) {
    // A list may have empty members (RFC 9110 §5.6.1.2).
    if (from.take(','))
      continue;
    auto offer = read_offer(from);
    if (!offer || !(from.done() || from.take(',')))
      return {};
    result.push_back(std::move(*offer));
  }
  return result;
}

} // namespace parlor::transport
