// SPDX-License-Identifier: MIT
#include "actors/room.hpp"
#include "actors/shared_order.hpp"

#include <algorithm>
#include <map>
#include <span>
#include <utility>

// What a room's home makes of commands.
namespace parlor {

using namespace proceedings;

/// What cannot be read has a place all the same, and does nothing.
void shared_order::judge(replication::command& what) {
  proceedings::entry result;
  if (auto read = to_command(what.body))
    result.what = std::move(*read);
  result.decided.before = room_.order.seq();
  result.decided.at = room_.options.env->now();
  std::visit([&](auto& x) { judge(x, what.from.node, result.decided); },
             result.what);
  // All have it, or had: it does not go over the links once more.
  if (auto* x = std::get_if<chat>(&result.what);
      x != nullptr && result.decided.repeats != place{})
    x->content = {};
  what.body = to_bytes(result);
}

/// Whether a seat of the same user's becomes free by what comes behind a
/// change.
bool shared_order::gives_seat(std::span<const attendance::change> behind,
                              const user_id& user, incarnation from) const {
  return std::ranges::any_of(behind, [&](auto& x) {
    return !x.comes && x.user == user && everyone_.contains(from, x.who);
  });
}

/// One change may depend on those before it.
void shared_order::judge(const attendance& x, incarnation from,
                         ruling& result) const {
  auto& limits = room_.options.env->limits;
  std::map<user_id, size_t> here;
  std::map<connection_id, bool> seated;
  auto connections = everyone_.size();
  auto users = everyone_.user_count();
  for (size_t i = 0; i < x.changes.size(); ++i) {
    auto& one = x.changes[i];
    auto& mine
      = here.try_emplace(one.user, everyone_.count(one.user)).first->second;
    auto& is_in = seated.try_emplace(one.who, everyone_.contains(from, one.who))
                    .first->second;
    auto announced = users <= limits.members_announced;
    auto how = outcome::quiet;
    if (one.comes == is_in) {
      how = outcome::nothing;
    } else if (one.comes) {
      if (limits.members_per_room > 0 && connections >= limits.members_per_room
          && !gives_seat(std::span{x.changes}.subspan(i + 1), one.user, from)) {
        result.outcomes.push_back(outcome::refused);
        continue;
      }
      is_in = true;
      ++connections;
      if (++mine == 1 && ++users <= limits.members_announced)
        how = outcome::told;
    } else {
      is_in = false;
      --connections;
      if (--mine == 0) {
        --users;
        if (announced)
          how = outcome::told;
      }
    }
    result.outcomes.push_back(how);
  }
}

void shared_order::judge(const loss& x, incarnation, ruling& result) const {
  auto announced = everyone_.user_count()
                   <= room_.options.env->limits.members_announced;
  for (auto& seat : everyone_.seats_of(x.node))
    result.lost.push_back({seat.node, seat.who, seat.user, {}});
  if (announced)
    for (auto& [user, connections] : everyone_.users_of(x.node))
      if (everyone_.count(user) == connections)
        result.gone.push_back(user);
}

void shared_order::judge(const chat& x, incarnation, ruling& result) const {
  if (x.key.empty())
    return;
  if (auto before = room_.keys.find(key_owner(x.sender, x.from_api()), x.key,
                                    room_.now()))
    result.repeats = *before;
}

void shared_order::judge(const presence&, incarnation, ruling&) const {}

} // namespace parlor
