// SPDX-License-Identifier: MIT
#include "actors/membership.hpp"

#include "messages/wire/encode.hpp"

#include <utility>

namespace parlor {

bool membership::add(connection_id id, member who) {
  ++speakers_[index_of(who.speaks)];
  auto first = ++users_[who.user] == 1;
  if (first)
    listed_ = nullptr;
  members_.emplace(id, std::move(who));
  return first;
}

std::optional<membership::removal> membership::remove(connection_id id) {
  auto node = members_.extract(id);
  if (node.empty())
    return std::nullopt;
  removal result{std::move(node.mapped()), false};
  --speakers_[index_of(result.who.speaks)];
  if (auto user = users_.find(result.who.user); --user->second == 0) {
    users_.erase(user);
    listed_ = nullptr;
    result.last_of_user = true;
  }
  return result;
}

bool membership::only_one(connection_id id) const {
  return users_.at(members_.at(id).user) == 1;
}

bool membership::note_present(connection_id id) {
  return !std::exchange(members_.at(id).present, true);
}

const membership::member* membership::find(connection_id id) const {
  auto found = members_.find(id);
  return found != members_.end() ? &found->second : nullptr;
}

std::vector<connection_id>
membership::connections_of(const user_id& user) const {
  std::vector<connection_id> result;
  if (users_.contains(user))
    for (auto& [id, who] : members_)
      if (who.user == user)
        result.push_back(id);
  return result;
}

std::vector<user_id> membership::users() const {
  std::vector<user_id> result;
  result.reserve(users_.size());
  for (auto& [user, connections] : users_)
    result.push_back(user);
  return result;
}

event::roster membership::roster(size_t most_listed) const {
  if (users_.size() > most_listed)
    return {users_.size(), nullptr};
  if (!listed_)
    listed_ = std::make_shared<const event::raw_json>(
      wire::list_of_users(users_));
  return {users_.size(), listed_};
}

dialect_set membership::spoken() const {
  dialect_set result;
  for (auto x : all_dialects)
    if (speakers_[index_of(x)] > 0)
      result.insert(x);
  return result;
}

} // namespace parlor
