// SPDX-License-Identifier: MIT
#include "tests/bench/wsload/text_template.hpp"

#include "tests/bench/wsload/options.hpp"

#include <cstdlib>
#include <utility>

namespace parlor::bench::wsload {

bool text_template::parse_field(std::string_view name, part& result) {
  constexpr std::string_view content = "content:";
  constexpr std::pair<std::string_view, kind> names[]{
    {"id", kind::id},      {"room", kind::room}, {"peer", kind::peer},
    {"seq", kind::seq},    {"ts", kind::ts},     {"pid", kind::pid},
    {"stamp", kind::stamp}};
  for (const auto& [known, what] : names)
    if (name == known) {
      result.what = what;
      return true;
    }
  if (!name.starts_with(content))
    return false;
  const std::string size{name.substr(content.size())};
  result.what = kind::content;
  result.size = std::strtoul(size.c_str(), nullptr, 10);
  return true;
}

text_template::text_template(const std::string& escaped) {
  const auto text = unescape(escaped);
  std::string literal;
  auto flush = [&] {
    if (!literal.empty())
      parts_.push_back({kind::literal, std::exchange(literal, {}), 0});
  };
  for (size_t i = 0; i < text.size();) {
    const auto end = text[i] == '{' ? text.find('}', i) : std::string::npos;
    part field;
    if (end != std::string::npos
        && parse_field(std::string_view{text}.substr(i + 1, end - i - 1),
                       field)) {
      flush();
      parts_.push_back(std::move(field));
      i = end + 1;
    } else {
      literal += text[i++];
    }
  }
  flush();
}

void text_template::render(std::string& out, std::string_view marker,
                           const field_values& values) const {
  for (const auto& x : parts_)
    switch (x.what) {
      case kind::literal:
        out += x.text;
        break;
      case kind::id:
        out += std::to_string(values.id);
        break;
      case kind::room:
        out += std::to_string(values.room);
        break;
      case kind::peer:
        out += std::to_string(values.peer);
        break;
      case kind::seq:
        append_digits(out, values.stamped.seq, 8);
        break;
      case kind::ts:
        append_digits(out, values.stamped.sent_at, 16);
        break;
      case kind::pid:
        append_digits(out, values.stamped.publisher, 8);
        break;
      case kind::stamp:
        append_stamp(out, marker, values.stamped);
        break;
      case kind::content: {
        const auto begin = out.size();
        append_stamp(out, marker, values.stamped);
        if (out.size() < begin + x.size)
          out.resize(begin + x.size, 'x');
        break;
      }
    }
}

} // namespace parlor::bench::wsload
