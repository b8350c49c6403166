// SPDX-License-Identifier: MIT
#include "actors/population.hpp"

#include <algorithm>
#include <utility>

namespace parlor {

population::verdict population::admit(connection_id id, resident who) {
  if (residents_.size() >= within_.max_connections)
    return {"Server at capacity", {}};
  verdict result;
  auto& own = users_[who.user];
  if (own.size() >= within_.max_connections_per_user) {
    if (within_.policy == per_user_policy::reject_new)
      return {"Too many connections", {}};
    result.evicted = own.front();
  }
  own.push_back(id);
  residents_.emplace(id, std::move(who));
  if (result.evicted)
    dismiss(result.evicted);
  return result;
}

std::optional<population::resident> population::remove(connection_id id) {
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
  std::erase(own->second, id);
  if (own->second.empty())
    users_.erase(own);
}

const population::resident* population::find(connection_id id) const {
  auto found = residents_.find(id);
  return found != residents_.end() ? &found->second : nullptr;
}

std::vector<connection_id>
population::connections_of(const user_id& user) const {
  auto found = users_.find(user);
  return found != users_.end() ? found->second : std::vector<connection_id>{};
}

std::vector<const population::resident*> population::page(connection_id after,
                                                          size_t limit) const {
  std::vector<const resident*> result;
  for (auto i = residents_.upper_bound(after);
       i != residents_.end() && result.size() < limit; ++i)
    result.push_back(&i->second);
  return result;
}

user_list population::users_page(const user_id& after, size_t limit) const {
  user_list result;
  for (auto i = users_.upper_bound(after);
       i != users_.end() && result.users.size() < limit; ++i)
    result.users.push_back({i->first, i->second.size()});
  return result;
}

} // namespace parlor
