// SPDX-License-Identifier: MIT
#include "actors/failing_rooms.hpp"

#include "messages/limits.hpp"

#include <algorithm>

namespace parlor {

void failing_rooms::note(const room_name& room, clock::time_point now) {
  auto is_old = [=](auto at) { return now - at >= room_failure_window; };
  for (auto& [name, times] : failures_)
    std::erase_if(times, is_old);
  std::erase_if(failures_, [](auto& x) { return x.second.empty(); });
  failures_[room].push_back(now);
}

bool failing_rooms::contains(const room_name& room,
                             clock::time_point now) const {
  auto found = failures_.find(room);
  return found != failures_.end()
         && std::ranges::count_if(found->second, [=](auto at) {
              return now - at < room_failure_window;
            }) >= max_room_failures;
}

} // namespace parlor
