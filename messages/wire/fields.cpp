// SPDX-License-Identifier: MIT
#include "messages/wire/fields.hpp"

#include "messages/wire/json_text.hpp"
#include "messages/wire/names.hpp"

#include <charconv>

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

std::string field_reader::optional_name(const json::member& x) {
  return x.value.empty() ? std::string{} : name(x);
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

std::string field_reader::required_text(const json::member& x) {
  if (x.value.empty())
    complain(x, "is missing");
  return text(x);
}

uint64_t field_reader::number(const json::member& x) {
  if (x.value.empty()) {
    complain(x, "is missing");
    return 0;
  }
  uint64_t result = 0;
  auto end = x.value.data() + x.value.size();
  auto [last, err] = std::from_chars(x.value.data(), end, result);
  if (!json::is_integer(x.value) || err == std::errc::invalid_argument)
    complain(x, "must be an integer from 0 on");
  return err == std::errc::result_out_of_range ? UINT64_MAX : result;
}

uint64_t field_reader::optional_number(const json::member& x,
                                       uint64_t otherwise) {
  return x.value.empty() ? otherwise : number(x);
}

bool field_reader::optional_object(const json::member& x,
                                   std::span<json::member> wanted) {
  if (x.value.empty())
    return false;
  // The value has been scanned within its limits before.
  if (json::scan(x.value, json::max_depth, wanted) == json::finding::object)
    return true;
  complain(x, "must be an object");
  return false;
}

void field_reader::pass_on(const field_reader& inner) {
  if (complaint_.empty())
    complaint_ = inner.complaint_;
}

bool field_reader::flag(const json::member& x) {
  auto is_true = x.value == "true";
  if (!x.value.empty() && !is_true && x.value != "false")
    complain(x, "must be true or false");
  return is_true;
}

void field_reader::complain(const json::member& x, std::string_view what) {
  if (complaint_.empty())
    complaint_.append(prefix_).append(x.name).append(" ").append(what);
}

} // namespace parlor::wire
