// SPDX-License-Identifier: MIT
#include "actors/absentees.hpp"

#include <utility>

namespace parlor {

void absentees::add(absentee who, clock::time_point until) {
  order_.push_back({until, who.user, who.connection});
  users_.emplace(who.user, std::move(who));
  ++*all_;
}

connection_id absentees::stand_in_of(const user_id& user) const {
  auto found = users_.find(user);
  return found != users_.end() ? found->second.connection : connection_id{};
}

void absentees::clear() noexcept {
  // Whose thread this is does not matter where there is nobody.
  if (users_.empty())
    return;
  *all_ -= users_.size();
  users_.clear();
  order_.clear();
}

std::optional<connection_id> absentees::welcome_back(const user_id& user) {
  auto node = users_.extract(user);
  if (node.empty())
    return std::nullopt;
  --*all_;
  skip_those_who_are_back();
  return node.mapped().connection;
}

std::vector<absentees::absentee> absentees::take_due(clock::time_point now) {
  std::vector<absentee> result;
  while (!order_.empty() && order_.front().until <= now) {
    auto node = users_.extract(order_.front().user);
    result.push_back(std::move(node.mapped()));
    --*all_;
    order_.pop_front();
    skip_those_who_are_back();
  }
  return result;
}

std::optional<absentees::clock::time_point> absentees::next() const {
  if (order_.empty())
    return std::nullopt;
  return order_.front().until;
}

void absentees::skip_those_who_are_back() {
  while (!order_.empty() && !is_absent(order_.front()))
    order_.pop_front();
}

/// The same user may have come back and vanished again.
bool absentees::is_absent(const turn& x) const {
  auto found = users_.find(x.user);
  return found != users_.end() && found->second.connection == x.connection;
}

} // namespace parlor
