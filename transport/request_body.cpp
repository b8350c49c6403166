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

/// Whether a parameter of a Content-Type says that it is not in UTF-8. JSON has
/// no parameters (RFC 8259 §11), so that others mean nothing.
bool is_of_other_charset(string_view parameter) {
  auto equals = parameter.find('=');
  return equals != parameter.npos
         && same_text(trimmed(parameter.substr(0, equals)), "charset")
         && !same_text(unquoted(trimmed(parameter.substr(equals + 1))),
                       "utf-8");
}

/// Whether a Content-Type is JSON, whatever its parameters, in UTF-8.
bool is_json(string_view type) {
  auto end = std::min(type.find(';'), type.size());
  if (!same_text(trimmed(type.substr(0, end)), "application/json"))
    return false;
  while (end < type.size()) {
    auto begin = end + 1;
    end = std::min(type.find(';', begin), type.size());
    if (is_of_other_charset(trimmed(type.substr(begin, end - begin))))
      return false;
  }
  return true;
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
