// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace parlor::test {

/// A command line of `key=value`; a key may be there several times.
class arguments {
public:
  arguments(int argc, char** argv) {
    for (int i = 1; i < argc; ++i) {
      std::string_view text = argv[i];
      auto sign = text.find('=');
      if (sign != text.npos)
        pairs_.emplace_back(text.substr(0, sign), text.substr(sign + 1));
    }
  }

  std::vector<std::string> all(std::string_view key) const {
    std::vector<std::string> result;
    for (const auto& [name, value] : pairs_)
      if (name == key)
        result.push_back(value);
    return result;
  }

  std::string one(std::string_view key, std::string otherwise) const {
    auto found = all(key);
    return found.empty() ? std::move(otherwise) : found.back();
  }

private:
  std::vector<std::pair<std::string, std::string>> pairs_;
};

} // namespace parlor::test
