// SPDX-License-Identifier: MIT
#include "actors/heard_letters.hpp"

#include "messages/limits.hpp"

#include <algorithm>

namespace parlor {

bool heard_letters::note(incarnation origin, const registration::message& x) {
  auto& known = origins_[origin];
  known.open.erase(known.open.begin(), known.open.lower_bound(x.open));
  auto is_new = !known.open.contains(x.number)
                && !known.repeated.contains(x.number);
  if (x.number >= x.open)
    known.open.insert(x.number);
  if (x.again && known.repeated.insert(x.number).second) {
    known.oldest_repeated.push_back(x.number);
    if (known.oldest_repeated.size() > max_repeats) {
      known.repeated.erase(known.oldest_repeated.front());
      known.oldest_repeated.pop_front();
    }
  }
  return is_new;
}

/// Who is higher than all that are in may be about to come in.
void heard_letters::sit(const seating& now) {
  incarnation highest;
  for (auto& one : now.now.members)
    highest = std::max(highest, one.incarnation);
  std::erase_if(origins_, [&](auto& x) { return gone_.contains(x.first); });
  gone_.clear();
  for (auto& [origin, known] : origins_)
    if (origin <= highest && !now.has(origin))
      gone_.insert(origin);
}

size_t heard_letters::size() const noexcept {
  size_t result = 0;
  for (auto& [origin, known] : origins_)
    result += known.open.size() + known.repeated.size();
  return result;
}

} // namespace parlor
