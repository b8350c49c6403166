// SPDX-License-Identifier: MIT
#include "inspection/thread_table.hpp"

#include "inspection/listing.hpp"

#include <utility>

namespace parlor::inspection {

thread_table::entry& thread_table::enter(uint64_t id, std::string_view kind,
                                         std::string_view title,
                                         const caf::weak_actor_ptr& handle) {
  let_go();
  auto [found, is_new] = entries_.try_emplace(id);
  auto& result = found->second;
  if (is_new) {
    result.kind = keep(kind);
    result.handle = handle;
    ++kinds_[result.kind].actors;
  }
  if (result.title != title)
    result.title = title;
  return result;
}

const thread_table::entry* thread_table::find(uint64_t id) const {
  auto found = entries_.find(id);
  return found != entries_.end() ? &found->second : nullptr;
}

std::vector<const thread_table::entry*>
thread_table::of_kind(std::string_view kind) const {
  std::vector<const entry*> result;
  auto known = kinds_.find(kind);
  if (known == kinds_.end() || known->second.actors == 0)
    return result;
  for (auto& [id, x] : entries_)
    if (x.kind == kind)
      result.push_back(&x);
  return result;
}

void thread_table::add(entry& who, const trace_ring::entry& what) {
  ++who.handled;
  who.busy += what.took;
  who.recent.add(what);
  auto& sum = kinds_[who.kind];
  ++sum.handled;
  sum.busy += what.took;
  auto local = find(what.sender) != nullptr;
  ++flows_[{what.sender_kind, who.kind, local}];
}

void thread_table::leave(uint64_t id) {
  if (entries_.contains(id))
    gone_.push_back(id);
}

/// Not while somebody looks through the entries.
void thread_table::let_go() {
  for (auto id : std::exchange(gone_, {}))
    if (auto left = entries_.extract(id))
      --kinds_[left.mapped().kind].actors;
}

void thread_table::look(const depth_of& depth) {
  let_go();
  for (auto& [id, x] : entries_) {
    auto waiting = depth(x.handle);
    x.mailbox = waiting.value_or(0);
    if (!waiting)
      gone_.push_back(id);
  }
  let_go();
}

std::string_view thread_table::keep(std::string_view text) {
  return *texts_.emplace(text).first;
}

actor_summary thread_table::summary(uint64_t id, const entry& x) const {
  return {id,        std::string{x.kind}, x.title, thread_,
          x.mailbox, x.handled,           x.busy};
}

actors_page thread_table::page(const actors_query& query) const {
  if (query.thread && query.thread != thread_)
    return {};
  std::vector<actor_summary> fitting;
  for (auto& [id, x] : entries_)
    if (auto one = summary(id, x); fits(query, one))
      fitting.push_back(std::move(one));
  return page_of(query, std::move(fitting));
}

thread_picture thread_table::picture() const {
  thread_picture result;
  result.thread = thread_;
  std::map<std::string_view, uint64_t> waiting;
  for (auto& [id, x] : entries_)
    waiting[x.kind] += x.mailbox;
  for (auto& [kind, sum] : kinds_)
    result.kinds.push_back(
      {std::string{kind}, sum.actors, waiting[kind], sum.handled, sum.busy});
  for (auto& [way, messages] : flows_)
    result.flows.push_back({std::string{std::get<0>(way)},
                            std::string{std::get<1>(way)}, std::get<2>(way),
                            messages});
  return result;
}

} // namespace parlor::inspection
