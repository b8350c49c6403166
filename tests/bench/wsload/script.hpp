// SPDX-License-Identifier: MIT
#pragma once

#include "tests/bench/wsload/options.hpp"
#include "tests/bench/wsload/text_template.hpp"

#include <string>
#include <vector>

namespace parlor::bench::wsload {

/// What a client says and when: the templates of the options, parsed once.
struct script {
  /// To a frame that starts with `prefix`, once per connection.
  struct rule {
    std::string prefix;
    text_template answer;
  };

  /// To a frame that is `frame`, each time.
  struct reply {
    std::string frame;
    std::string answer;
  };

  /// A connection remembers in 8 bits which rules it has used.
  static constexpr size_t max_rules = 8;

  text_template path;
  text_template publish;
  std::vector<text_template> on_open;
  std::vector<rule> rules;
  std::vector<reply> replies;
};

/// Throws usage_error.
script make_script(const options& opts, const std::string& path);

} // namespace parlor::bench::wsload
