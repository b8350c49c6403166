// SPDX-License-Identifier: MIT
#include "app/link_table.hpp"

namespace parlor {

void link_table::sit(incarnation stay) {
  std::lock_guard guard{mutex_};
  stay_ = stay;
}

bool link_table::is_in_as(incarnation stay) const {
  std::lock_guard guard{mutex_};
  return stay && stay == stay_;
}

void link_table::add(const link_ptr& with) {
  std::lock_guard guard{mutex_};
  linked_[with->stay()] = with;
}

void link_table::lose(const link_ptr& with) {
  std::lock_guard guard{mutex_};
  auto found = linked_.find(with->stay());
  if (found != linked_.end() && found->second == with)
    linked_.erase(found);
  unheard_.insert(with->stay());
}

void link_table::know_lost(incarnation to) {
  std::lock_guard guard{mutex_};
  if (auto found = unheard_.find(to); found != unheard_.end())
    unheard_.erase(found);
}

link_ptr link_table::find(incarnation as, incarnation to) const {
  std::lock_guard guard{mutex_};
  return find_held(as, to);
}

bool link_table::has(incarnation to) const {
  std::lock_guard guard{mutex_};
  return linked_.contains(to);
}

link_ptr link_table::find_in_order(incarnation as, incarnation to) const {
  std::lock_guard guard{mutex_};
  return unheard_.contains(to) ? nullptr : find_held(as, to);
}

link_ptr link_table::find_held(incarnation as, incarnation to) const {
  auto found = linked_.find(to);
  return as == stay_ && found != linked_.end() ? found->second : nullptr;
}

} // namespace parlor
