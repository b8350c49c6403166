// SPDX-License-Identifier: MIT
#include "tests/bench/wsload/script.hpp"

#include <string_view>
#include <utility>

namespace parlor::bench::wsload {

namespace {

/// The texts before and after the first `separator`.
std::pair<std::string, std::string> halves(const std::string& text,
                                           std::string_view separator,
                                           const char* wanted) {
  const auto at = text.find(separator);
  if (at == std::string::npos)
    throw usage_error(wanted);
  return {text.substr(0, at), text.substr(at + separator.size())};
}

} // namespace

script make_script(const options& opts, const std::string& path) {
  script result;
  result.path = text_template{path};
  result.publish = text_template{opts.publish};
  for (const auto& text : opts.on_open)
    result.on_open.emplace_back(text);
  for (const auto& text : opts.on_prefix) {
    const auto [prefix, answer] = halves(text, "=>", "--on-prefix P=>T");
    result.rules.push_back({unescape(prefix), text_template{answer}});
  }
  if (result.rules.size() > script::max_rules)
    throw usage_error("at most 8 --on-prefix");
  for (const auto& text : opts.text_reply) {
    const auto [frame, answer] = halves(text, "=", "--text-reply A=B");
    result.replies.push_back({unescape(frame), unescape(answer)});
  }
  return result;
}

} // namespace parlor::bench::wsload
