// SPDX-License-Identifier: MIT
#include "actors/presence_board.hpp"

#include <utility>

namespace parlor {

namespace {

/// What a statement takes beside its data: two nodes, and a user's name.
constexpr size_t statement_bytes = 256;

/// Takes one connection out, and its user where no other is left; returns
/// whether it was in.
template <class Value>
bool erase(std::map<user_id, std::map<connection_id, Value>>& from,
           const user_id& user, connection_id id) {
  auto found = from.find(user);
  if (found == from.end())
    return false;
  auto was_in = found->second.erase(id) > 0;
  if (found->second.empty())
    from.erase(found);
  return was_in;
}

} // namespace

bool presence_board::set(const user_id& user, connection_id id,
                         event::raw_json data) {
  bytes_ += growth(user, id, data.size());
  auto& mine = users_[user][id];
  if (mine.data == data)
    return false;
  if (data.size() < mine.data.size())
    bytes_ -= mine.data.size() - data.size();
  // Who was away for so short a time was not told to be gone.
  if (erase(leaves_, user, id))
    mine.known = true;
  joins_[user][id] = data;
  mine.data = std::move(data);
  return true;
}

bool presence_board::remove(const user_id& user, connection_id id) {
  auto found = users_.find(user);
  if (found == users_.end() || !found->second.contains(id))
    return false;
  auto& mine = found->second.at(id);
  bytes_ -= statement_bytes + mine.data.size();
  erase(joins_, user, id);
  if (mine.known)
    leaves_[user][id] = std::move(mine.data);
  erase(users_, user, id);
  return true;
}

size_t presence_board::growth(const user_id& user, connection_id id,
                              size_t said) const {
  auto found = users_.find(user);
  if (found == users_.end() || !found->second.contains(id))
    return statement_bytes + said;
  auto before = found->second.at(id).data.size();
  return said > before ? said - before : 0;
}

event::presence_state presence_board::state(const room_name& room,
                                            size_t most_listed) const {
  event::presence_state result{room, size(), {}};
  if (size() > most_listed)
    return result;
  auto& all = result.state.emplace();
  for (auto& [user, connections] : users_)
    for (auto& [id, mine] : connections)
      all[user][id] = mine.data;
  return result;
}

event::presence_state presence_board::show(const room_name& room,
                                           size_t most_listed,
                                           connection_id to) {
  auto result = state(room, most_listed);
  // A number, too, has to be told anew when one of these goes.
  counting_ = counting_ || !result.state;
  for (auto& [user, connections] : users_)
    for (auto& [id, mine] : connections)
      mine.known = mine.known || id != to;
  return result;
}

presence_board::news presence_board::take_news(const room_name& room,
                                               size_t most_listed) {
  if (joins_.empty() && leaves_.empty())
    return {};
  if (size() > most_listed) {
    counting_ = true;
    forget_news();
    return event::presence_diff{room, size(), {}};
  }
  if (std::exchange(counting_, false)) {
    forget_news();
    return state(room, most_listed);
  }
  event::presence_diff result{room, size(), {{joins_, leaves_}}};
  forget_news();
  return result;
}

void presence_board::forget_news() {
  for (auto& [user, connections] : joins_)
    for (auto& [id, data] : connections)
      users_.at(user).at(id).known = true;
  joins_.clear();
  leaves_.clear();
}

} // namespace parlor
