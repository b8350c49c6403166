// SPDX-License-Identifier: MIT
#include "tests/explore/nodes/rooms_world.hpp"

#include <algorithm>
#include <map>

// What has to hold at rest.
namespace parlor::explore {

namespace {

/// Named so in `presence_state`.
presences
as_told(const std::map<user_id, std::map<connection_id, std::string>>& x) {
  presences result;
  for (auto& [user, all] : x)
    for (auto& [who, data] : all)
      result[user.str()][to_string(who)] = data;
  return result;
}

/// What it was told last.
std::string last_of(const person& x) {
  constexpr size_t many = 4;
  constexpr size_t most = 200;
  auto& all = x.is->heard;
  std::string result;
  for (auto i = all.size() - std::min(all.size(), many); i < all.size(); ++i)
    result += "\n    " + x.name + "< " + all[i].substr(0, most);
  return result;
}

} // namespace

bool rooms_world::is_there(const person& x) const {
  return x.here && x.is->at != nullptr && x.joined;
}

std::set<std::string> rooms_world::users() const {
  std::set<std::string> result;
  for (auto& x : people_)
    if (is_there(x))
      result.insert(x.name);
  return result;
}

size_t rooms_world::connections() const {
  return static_cast<size_t>(
    std::ranges::count_if(people_, [this](auto& x) { return is_there(x); }));
}

/// What all say of themselves.
presences rooms_world::shown() const {
  presences result;
  for (auto& x : people_)
    if (is_there(x) && x.shows)
      result[x.name][to_string(x.is->id)] = *x.shows;
  return result;
}

void rooms_world::check() {
  auto is_full = most_members_ > 0 && connections() >= most_members_;
  for (auto& x : people_) {
    if (x.is->at == nullptr || !x.here)
      continue;
    if (!x.joined && !(x.kept_out && is_full))
      throw violation{x.name + " was never let in" + last_of(x)};
    if (!x.open.empty() || !x.showing.empty())
      throw violation{x.name + " was not answered" + last_of(x)};
    if (!x.joined)
      continue;
    check_itself(x);
    check_members(x);
    check_presence(x);
  }
  check_orders();
  check_confirmed();
  for (auto& x : nodes)
    if (x.running)
      check_replica(x);
  check_numbers();
}

// -- what was said -----------------------------------------------------------------

void rooms_world::check_orders() {
  std::map<uint64_t, std::string> all;
  for (auto& x : people_)
    if (is_there(x))
      for (auto& [seq, what] : x.log)
        if (auto& known = all.try_emplace(seq, what).first->second;
            known != what)
          throw violation{"two orders at " + std::to_string(seq) + ": " + known
                          + " and " + what};
  std::map<std::string, uint64_t> once;
  for (auto& [seq, what] : all)
    if (what.find(' ') == what.npos && !once.emplace(what, seq).second)
      throw violation{"said twice: " + what};
}

/// A room that had ended meanwhile begins anew at 1, in a later epoch.
void rooms_world::check_confirmed() {
  for (auto& x : people_)
    for (auto& [at, what] : x.said)
      for (auto& y : people_)
        if (is_there(y) && at.epoch >= y.since && y.log.contains(at.seq)
            && y.log.at(at.seq) != what)
          throw violation{"confirmed, but " + y.name + " was told "
                          + y.log.at(at.seq) + " for " + what};
        else if (is_there(y) && at.epoch >= y.since && !y.log.empty()
                 && at.seq > y.log.begin()->first && !y.log.contains(at.seq))
          throw violation{"confirmed, but " + y.name + " was never told "
                          + what};
}

/// What was confirmed by its key is there, unless that has expired. Where nothing is
/// kept, a room in which nobody is ends.
void rooms_world::check_numbers() {
  uint64_t most = 0;
  for (auto& x : people_)
    for (auto& [at, what] : x.said)
      if (has_key(what))
        most = std::max(most, at.seq);
  auto* home = room_at(home_of(room));
  auto last = home == nullptr ? 0 : home->order.seq();
  if (last < most)
    throw violation{"a number went back: " + std::to_string(most)
                    + " was confirmed, and the last one is "
                    + std::to_string(last)};
}

// -- who is in ---------------------------------------------------------------------

/// Whose join has a number of its own, which others were told, was in since.
void rooms_world::check_itself(const person& x) {
  if (x.is_join_void || x.of_itself.empty())
    return;
  for (auto& y : people_)
    if (auto own = y.log.find(x.since_seq);
        is_there(y) && own != y.log.end()
        && own->second == "user_joined " + x.name)
      throw violation{x.name + " is in and was told " + x.of_itself};
}

void rooms_world::check_members(const person& x) {
  auto all = users();
  auto listed = all.size() <= most_listed_;
  if (listed && x.asked_members != all)
    throw violation{x.name + " is answered other members than there are"
                    + last_of(x)};
  if (!most_announced_)
    return;
  if (x.users && *x.users != all.size())
    throw violation{x.name + " was told of " + std::to_string(*x.users)
                    + " users, and there are " + std::to_string(all.size())
                    + last_of(x)};
  auto known = x.members();
  auto all_announced = *most_announced_ > people_.size();
  if (all_announced && x.is_told_gone())
    throw violation{x.name + " is in and was told last that it is gone"
                    + last_of(x)};
  if (all_announced && known && *known != all)
    throw violation{x.name + " was told of other members than there are"
                    + last_of(x)};
}

void rooms_world::check_presence(const person& x) {
  auto all = shown();
  if (!x.knows_presence)
    return;
  if (all.size() > most_listed_ ? x.board || x.showing_users != all.size()
                                : x.board != all)
    throw violation{x.name + " does not know what all say of themselves"
                    + last_of(x)};
}

// -- what nodes know ---------------------------------------------------------------

/// All replicas know the same members, which are those who are there.
void rooms_world::check_replica(node& x) {
  auto all = users();
  auto* state = room_at(x);
  if (state == nullptr) {
    if (!all.empty() && (&x == &home_of(room)))
      throw violation{"no room at its home"};
    return;
  }
  std::set<std::string> known;
  for (auto& user : state->shared->everyone().users())
    known.insert(user.str());
  if (known != all || state->shared->everyone().size() != connections())
    throw violation{"members at " + x.id.str()
                    + " are not those who are there"};
  if (most_members_ > 0 && connections() > most_members_)
    throw violation{"more members than may be"};
  auto& part = state->shared->part();
  if (!part.joined())
    throw violation{"a replica is left behind"};
  auto told = state->presence.state(room_name{room}, people_.size()).state;
  if (!told || as_told(*told) != shown())
    throw violation{"presence at " + x.id.str() + " is not what they say"};
  if (auto* home = room_at(home_of(room));
      home != nullptr && home != state
      && std::ranges::count(home->shared->part().followers(), x.stay) == 0)
    throw violation{x.id.str() + " has joined, and the home does not know it"};
  check_growth(x, *state);
}

/// What is kept for others does not grow with what has been.
void rooms_world::check_growth(node& x, room_state& state) {
  auto& part = state.shared->part();
  // A follower may hear once more of those whom its home has forgotten.
  auto most = (part.leads() ? size_t{1} : 10) * nodes.size();
  if (part.log().sequenced_at(part.log().seq()).size() > most)
    throw violation{"producers are never forgotten at " + x.id.str()};
  if (state.keys.size() > contents_)
    throw violation{"more keys than messages at " + x.id.str()};
  if (part.waits() || part.confirmed() != part.log().seq())
    throw violation{"something stays unconfirmed at " + x.id.str()};
  auto& known = dynamic_cast<stub_peers&>(*x.env.peers).rooms;
  if (known.size() != rooms_at(x))
    throw violation{"rooms that have ended are known at " + x.id.str()};
}

} // namespace parlor::explore
