// SPDX-License-Identifier: MIT
#include "transport/authority.hpp"

#include "transport/request_head.hpp"

#include <algorithm>

namespace parlor::transport {

bool is_digits(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return c >= '0' && c <= '9'; });
}

std::optional<authority> split_authority(std::string_view text) {
  auto end = text.starts_with('[') ? text.find(']') : text.find(':');
  if (text.starts_with('[')) {
    if (end == text.npos)
      return std::nullopt;
    ++end;
  }
  authority result{text.substr(0, end), {}};
  if (end < text.size()) {
    if (text[end] != ':')
      return std::nullopt;
    result.port = text.substr(end + 1);
    if (result.port.empty())
      return std::nullopt;
  }
  if (result.name.empty() || !is_digits(result.port))
    return std::nullopt;
  return result;
}

std::optional<std::string_view> default_port(std::string_view scheme) {
  if (same_text(scheme, "http"))
    return "80";
  if (same_text(scheme, "https"))
    return "443";
  return std::nullopt;
}

} // namespace parlor::transport
