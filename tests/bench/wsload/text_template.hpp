// SPDX-License-Identifier: MIT
#pragma once

#include "tests/bench/wsload/stamp.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace parlor::bench::wsload {

/// What the fields of a template stand for in one message.
struct field_values {
  uint32_t id;
  uint32_t room;
  uint32_t peer;
  stamp stamped;
};

/// A text with fields: {id} {room} {peer} {seq} {ts} {pid} {stamp} and
/// {content:N}, which is a stamp filled up to N bytes.
class text_template {
public:
  text_template() = default;

  /// Braces around anything else are taken literally.
  explicit text_template(const std::string& text);

  bool empty() const { return parts_.empty(); }

  /// Appends the text; `marker` starts each stamp.
  void render(std::string& out, std::string_view marker,
              const field_values& values) const;

private:
  enum class kind { literal, id, room, peer, seq, ts, pid, stamp, content };

  struct part {
    kind what = kind::literal;
    /// What a literal says.
    std::string text;
    /// How long a content is.
    size_t size = 0;
  };

  static bool parse_field(std::string_view name, part& result);

  std::vector<part> parts_;
};

} // namespace parlor::bench::wsload
