// SPDX-License-Identifier: MIT
#include "actors/vacancies.hpp"

namespace parlor {

void vacancies::set(const room_name& room, const vacancy& x) {
  erase(room);
  rooms_.emplace(room, x);
  order_.emplace(x.until, room);
  bytes_ += x.bytes;
}

void vacancies::erase(const room_name& room) {
  auto found = rooms_.find(room);
  if (found == rooms_.end())
    return;
  order_.erase({found->second.until, room});
  bytes_ -= found->second.bytes;
  rooms_.erase(found);
}

const room_name* vacancies::oldest() const {
  return order_.empty() ? nullptr : &order_.begin()->second;
}

} // namespace parlor
