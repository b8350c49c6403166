// SPDX-License-Identifier: MIT
#include "actors/assembly.hpp"

#include "messages/wire/encode.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace parlor {

void assembly::add(incarnation node, connection_id who, const user_id& user) {
  if (!seats_[node].try_emplace(who, occupant{user, {}}).second)
    return;
  ++size_;
  if (++users_[user] == 1)
    listed_ = nullptr;
}

void assembly::remove(incarnation node, connection_id who) {
  auto of_node = seats_.find(node);
  if (of_node == seats_.end())
    return;
  auto gone = of_node->second.extract(who);
  if (of_node->second.empty())
    seats_.erase(of_node);
  if (gone.empty())
    return;
  --size_;
  presence_bytes_ -= gone.mapped().presence.size();
  if (auto user = users_.find(gone.mapped().user); --user->second == 0) {
    users_.erase(user);
    listed_ = nullptr;
  }
}

void assembly::set_presence(incarnation node, connection_id who,
                            std::string data) {
  if (!contains(node, who))
    return;
  auto& says = seats_.at(node).at(who).presence;
  presence_bytes_ += data.size();
  presence_bytes_ -= says.size();
  says = std::move(data);
}

bool assembly::contains(incarnation node, connection_id who) const {
  auto of_node = seats_.find(node);
  return of_node != seats_.end() && of_node->second.contains(who);
}

bool assembly::has_presence(connection_id who) const {
  return std::ranges::any_of(seats_, [&](auto& of_node) {
    auto found = of_node.second.find(who);
    return found != of_node.second.end() && !found->second.presence.empty();
  });
}

size_t assembly::count(const user_id& user) const {
  auto found = users_.find(user);
  return found == users_.end() ? 0 : found->second;
}

std::map<user_id, size_t> assembly::users_of(incarnation node) const {
  std::map<user_id, size_t> result;
  if (auto of_node = seats_.find(node); of_node != seats_.end())
    for (auto& [who, x] : of_node->second)
      ++result[x.user];
  return result;
}

std::vector<proceedings::seat> assembly::seats_of(incarnation node) const {
  std::vector<proceedings::seat> result;
  if (auto of_node = seats_.find(node); of_node != seats_.end())
    for (auto& [who, x] : of_node->second)
      result.push_back({node, who, x.user, x.presence});
  return result;
}

std::vector<incarnation> assembly::nodes() const {
  std::vector<incarnation> result;
  for (auto& [node, seats] : seats_)
    result.push_back(node);
  return result;
}

std::vector<proceedings::seat> assembly::seats() const {
  std::vector<proceedings::seat> result;
  result.reserve(size_);
  for (auto& [node, seats] : seats_)
    for (auto& [who, x] : seats)
      result.push_back({node, who, x.user, x.presence});
  return result;
}

std::vector<user_id> assembly::users() const {
  std::vector<user_id> result;
  result.reserve(users_.size());
  for (auto& [user, connections] : users_)
    result.push_back(user);
  return result;
}

event::roster assembly::roster(size_t most_listed) const {
  if (users_.size() > most_listed)
    return {users_.size(), nullptr};
  if (!listed_)
    listed_ = std::make_shared<const event::raw_json>(
      wire::list_of_users(users_));
  return {users_.size(), listed_};
}

} // namespace parlor
