// SPDX-License-Identifier: MIT
#include "tests/fuzz/second_opinion.hpp"

#include "tests/fuzz/fuzz.hpp"

#include <algorithm>

namespace parlor::fuzz {

bool comparable(std::string_view text) {
  return !text.starts_with("\xEF\xBB\xBF")
         && text.find('\0') == std::string_view::npos;
}

opinion opinion_of(std::string_view text) {
  try {
    return {json::parse(text), false};
  } catch (const json::out_of_range&) {
    return {std::nullopt, true};
  } catch (const json::parse_error&) {
    return {};
  }
}

json parsed(std::string_view text) {
  auto result = opinion_of(text);
  require(result.value.has_value(), "nlohmann's parser cannot read our JSON");
  return std::move(*result.value);
}

size_t depth_of(const json& x) {
  if (!x.is_structured())
    return 0;
  size_t inside = 0;
  for (auto& one : x)
    inside = std::max(inside, depth_of(one));
  return inside + 1;
}

bool writable(std::string_view text) {
  try {
    auto ignored = json(std::string{text}).dump();
    return true;
  } catch (const json::type_error&) {
    return false;
  }
}

} // namespace parlor::fuzz
