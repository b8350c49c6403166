// SPDX-License-Identifier: MIT
#include "actors/population.hpp"

#include <algorithm>
#include <utility>

namespace parlor {

namespace {

/// The entries behind `after`, at most `limit`, sorted: costs a look at all, so
/// that who comes and goes need not be kept in order.
template <class Map>
std::vector<const typename Map::value_type*>
page_of(const Map& from, const typename Map::key_type& after, size_t limit) {
  std::vector<const typename Map::value_type*> result;
  for (auto& entry : from)
    if (entry.first > after)
      result.push_back(&entry);
  auto end = result.begin()
             + static_cast<std::ptrdiff_t>(std::min(limit, result.size()));
  std::partial_sort(result.begin(), end, result.end(),
                    [](auto* x, auto* y) { return x->first < y->first; });
  result.erase(end, result.end());
  return result;
}

} // namespace

bool population::expect(connection_id id) {
  if (full())
    return false;
  strangers_.insert(id);
  return true;
}

population::verdict population::admit(connection_id id, resident who) {
  strangers_.erase(id);
  if (full())
    return {"Server at capacity", {}};
  verdict result;
  auto& own = users_[who.user];
  if (own.size() >= within_.max_connections_per_user) {
    if (within_.policy == per_user_policy::reject_new)
      return {"Too many connections", {}};
    result.evicted = own.front().connection;
  }
  own.push_back({id, who.speaks});
  residents_.emplace(id, std::move(who));
  if (result.evicted)
    dismiss(result.evicted);
  return result;
}

void population::add(connection_id id, resident who) {
  strangers_.erase(id);
  users_[who.user].push_back({id, who.speaks});
  residents_.emplace(id, std::move(who));
}

std::optional<population::resident> population::remove(connection_id id) {
  strangers_.erase(id);
  auto node = residents_.extract(id);
  if (node.empty())
    return std::nullopt;
  if (!node.mapped().leaving)
    forget_user_of(id, node.mapped().user);
  return std::move(node.mapped());
}

bool population::dismiss(connection_id id) {
  auto found = residents_.find(id);
  if (found == residents_.end() || std::exchange(found->second.leaving, true))
    return false;
  forget_user_of(id, found->second.user);
  return true;
}

void population::forget_user_of(connection_id id, const user_id& user) {
  auto own = users_.find(user);
  std::erase_if(own->second, [=](auto& x) { return x.connection == id; });
  if (own->second.empty())
    users_.erase(own);
}

const population::resident* population::find(connection_id id) const {
  auto found = residents_.find(id);
  return found != residents_.end() ? &found->second : nullptr;
}

std::span<const population::address>
population::addresses_of(const user_id& user) const {
  auto found = users_.find(user);
  if (found == users_.end())
    return {};
  return found->second;
}

std::vector<connection_id>
population::connections_of(const user_id& user) const {
  std::vector<connection_id> result;
  for (auto& own : addresses_of(user))
    result.push_back(own.connection);
  return result;
}

std::vector<const population::resident*> population::page(connection_id after,
                                                          size_t limit) const {
  std::vector<const resident*> result;
  for (auto* entry : page_of(residents_, after, limit))
    result.push_back(&entry->second);
  return result;
}

user_list population::users_page(const user_id& after, size_t limit) const {
  user_list result;
  for (auto* entry : page_of(users_, after, limit))
    result.users.push_back({entry->first, entry->second.size()});
  return result;
}

} // namespace parlor
