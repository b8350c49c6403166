// SPDX-License-Identifier: MIT
#include "messages/wire/fields.hpp"

#include "messages/wire/json_text.hpp"
#include "messages/wire/names.hpp"

namespace parlor::wire {

std::string field_reader::name(const json::member& x) {
  if (x.value.empty()) {
    complain(x, "is missing");
    return {};
  }
  auto result = text(x);
  if (complaint_.empty() && !valid_name(result))
    complain(x, "must be 1-255 bytes without control characters");
  return result;
}

std::optional<std::string> field_reader::optional_name(const json::member& x) {
  if (x.value.empty())
    return std::nullopt;
  return name(x);
}

std::string field_reader::content(const json::member& x) {
  if (x.value.empty())
    complain(x, "is missing");
  return std::string{x.value};
}

std::string field_reader::text(const json::member& x) {
  if (x.value.empty())
    return {};
  if (!json::is_string(x.value)) {
    complain(x, "must be a string");
    return {};
  }
  return json::decoded(x.value);
}

bool field_reader::flag(const json::member& x) {
  auto is_true = x.value == "true";
  if (!x.value.empty() && !is_true && x.value != "false")
    complain(x, "must be true or false");
  return is_true;
}

void field_reader::complain(const json::member& x, std::string_view what) {
  if (complaint_.empty())
    complaint_.append(x.name).append(" ").append(what);
}

} // namespace parlor::wire
