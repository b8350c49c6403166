// SPDX-License-Identifier: MIT
#include "transport/request_body.hpp"

#include <algorithm>

namespace parlor::transport {

namespace {

using std::string_view;

constexpr string_view chunked = "chunked";

/// Without the quotes around it, if it has some.
string_view unquoted(string_view text) {
  return text.size() >= 2 && text.starts_with('"') && text.ends_with('"')
           ? text.substr(1, text.size() - 2)
           : text;
}

/// Whether a Content-Type is JSON, with or without `charset=utf-8`.
bool is_json(string_view type) {
  auto semicolon = type.find(';');
  if (!same_text(trimmed(type.substr(0, semicolon)), "application/json"))
    return false;
  if (semicolon == type.npos)
    return true;
  auto parameter = trimmed(type.substr(semicolon + 1));
  auto equals = parameter.find('=');
  return equals != parameter.npos
         && same_text(parameter.substr(0, equals), "charset")
         && same_text(unquoted(parameter.substr(equals + 1)), "utf-8");
}

} // namespace

std::optional<refusal> judge_framing(const request_head& head) {
  if (!head.has("Transfer-Encoding"))
    return std::nullopt;
  auto codings = head.list("Transfer-Encoding");
  auto times = std::count_if(codings.begin(), codings.end(),
                             [](auto x) { return same_text(x, chunked); });
  if (head.version < 11 || times != 1 || !same_text(codings.back(), chunked))
    return refusal{400, "It is not sure where the body ends.", {}};
  if (codings.size() > 1)
    return refusal{501, "No transfer coding but `chunked` is understood.", {}};
  return std::nullopt;
}

std::optional<refusal> judge_content(const request_head& head) {
  for (auto coding : head.list("Content-Encoding"))
    if (!same_text(coding, "identity"))
      return refusal{415,
                     "The body must not be compressed.",
                     {{"Accept-Encoding", "identity"}}};
  if (head.count("Content-Type") != 1 || !is_json(*head.find("Content-Type")))
    return refusal{415, "The body must be application/json.", {}};
  return std::nullopt;
}

} // namespace parlor::transport
