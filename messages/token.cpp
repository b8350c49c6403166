// SPDX-License-Identifier: MIT
#include "messages/token.hpp"

#include <algorithm>

namespace parlor {

bool permissions::allow(const room_name& room) const {
  std::string_view name = room.str();
  return !rooms
         || std::any_of(
           rooms->begin(), rooms->end(), [=](std::string_view pattern) {
             return pattern.ends_with('*')
                      ? name.starts_with(pattern.substr(0, pattern.size() - 1))
                      : name == pattern;
           });
}

} // namespace parlor
