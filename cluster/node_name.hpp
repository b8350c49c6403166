// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <string_view>

namespace parlor::cluster {

/// Whether a node may have this name: 1 to 64 of A-Z a-z 0-9 . _ -
inline bool is_node_name(std::string_view x) noexcept {
  constexpr size_t longest = 64;
  auto allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')
           || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
  };
  return !x.empty() && x.size() <= longest
         && std::all_of(x.begin(), x.end(), allowed);
}

} // namespace parlor::cluster
