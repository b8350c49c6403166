// SPDX-License-Identifier: MIT
#include "actors/user_shard.hpp"

#include <algorithm>
#include <iterator>
#include <type_traits>

namespace parlor {

using namespace registration;

namespace {

/// What a held note takes.
size_t size_of(const user_shard::note& what) {
  constexpr size_t overhead = 256;
  auto* x = std::get_if<message>(&what);
  return overhead + (x != nullptr ? x->content.size() : 0);
}

} // namespace

// -- the cluster -------------------------------------------------------------------

void user_shard::clear() {
  since_.clear();
  users_.clear();
  missing_.clear();
  to_ask_.clear();
  asked_.clear();
  parts_.clear();
}

void user_shard::sit(seating_ptr now) {
  auto another = now->self != now_->self;
  now_ = std::move(now);
  if (another)
    clear();
  if (!now_->self) {
    held_.clear();
    held_bytes_ = 0;
    return;
  }
  // More of them cannot be of use for long.
  constexpr size_t most = 8;
  if (since_.size() == most)
    since_.clear();
  if (!since_.empty())
    since_.push_back(now_);
  keep_rows();
  missing_.clear();
  to_ask_.clear();
  asked_.clear();
  parts_.clear();
  patience_ = gathering_pauses;
  for (auto& one : now_->now.members)
    missing_.insert(one.incarnation);
  for (auto& one : now_->now.members)
    ask(one.incarnation);
  if (missing_.empty())
    settle();
  else
    release();
}

/// Of the users whose home has been here all the time, on nodes that are in.
void user_shard::keep_rows() {
  std::set<incarnation> in;
  for (auto& one : now_->now.members)
    in.insert(one.incarnation);
  empty_seats([&](auto& x) { return !in.contains(x.node); });
  std::erase_if(users_, [&](auto& x) { return !is_open(x.first); });
}

template <class F>
void user_shard::empty_seats(F gone) {
  for (auto& [user, own] : users_)
    std::erase_if(own, gone);
  std::erase_if(users_, [](auto& x) { return x.second.empty(); });
}

/// One that is not linked has no table to wait for.
void user_shard::ask(incarnation whom) {
  if (port_.send(whom, nobody(), registration::ask{now_->now.revision})) {
    to_ask_.erase(whom);
    asked_.insert(whom);
  } else {
    to_ask_.insert(whom);
    missing_.erase(whom);
  }
}

void user_shard::lose(incarnation link_to) {
  parts_.erase(link_to);
  asked_.erase(link_to);
  if (now_->has(link_to))
    to_ask_.insert(link_to);
  if (missing_.erase(link_to) > 0 && missing_.empty() && !settled())
    settle();
}

void user_shard::beat() {
  for (auto whom : std::set<incarnation>{to_ask_})
    ask(whom);
  if (now_->self && !settled() && (patience_ == 0 || --patience_ == 0))
    settle();
}

void user_shard::settle() {
  missing_.clear();
  since_ = {now_};
  release();
}

bool user_shard::is_home_of(const user_id& user) const {
  return now_->self && now_->home_of(user.str()) == now_->self;
}

/// Whether all of its connections are known, as far as can be.
bool user_shard::is_open(const user_id& user) const {
  return !since_.empty() && std::ranges::all_of(since_, [&](auto& x) {
    return x->home_of(user.str()) == x->self;
  });
}

// -- what is asked -----------------------------------------------------------------

void user_shard::hear(incarnation from, const user_id& user, note&& what) {
  std::visit(
    [&]<class T>(T&& x) {
      if constexpr (std::is_same_v<T, table>)
        take(from, std::move(x));
      else if constexpr (requires { do_serve(from, user, x); })
        serve(from, user, std::forward<T>(x));
    },
    std::move(what));
}

/// Who asks a home that is none any more will learn of the other one, and ask
/// that.
template <class T>
void user_shard::serve(incarnation from, const user_id& user, T&& x) {
  if (x.revision > now_->now.revision)
    return hold(from, user, std::forward<T>(x));
  if (!is_home_of(user) || !now_->has(from))
    return;
  if (!settled() && !is_open(user))
    return hold(from, user, std::forward<T>(x));
  do_serve(from, user, x);
}

void user_shard::hold(incarnation from, const user_id& user, note&& what) {
  auto size = size_of(what);
  if (held_bytes_ + size <= max_held_bytes) {
    held_bytes_ += size;
    held_.push_back({from, user, std::move(what)});
  } else if (auto* x = std::get_if<message>(&what)) {
    port_.send(from, user, declined{x->number});
  } else if (auto* y = std::get_if<kick>(&what)) {
    port_.send(from, user, declined{y->number});
  } else if (std::holds_alternative<departed>(what) && now_->has(from)) {
    // Its node's table says so again. Who has another cluster is asked for it
    // once that is here, and a knock is repeated.
    to_ask_.insert(from);
  }
}

/// What still has to wait is held again.
void user_shard::release() {
  held_bytes_ = 0;
  for (auto& one : std::exchange(held_, {}))
    hear(one.from, one.user, std::move(one.what));
}

void user_shard::do_serve(incarnation from, const user_id& user,
                          const knock& x) {
  auto& own = users_[user];
  auto known = std::ranges::find_if(
    own, [&](auto& y) { return y.node == from && y.who == x.who; });
  if (known != own.end()) {
    port_.send(from, user, grant{x.who, known->order});
    return;
  }
  auto most = within_.max_connections_per_user;
  if (own.size() >= most && within_.policy == per_user_policy::reject_new) {
    port_.send(from, user, refusal{x.who});
    return;
  }
  own.push_back({++order_, from, x.who});
  port_.send(from, user, grant{x.who, order_});
  shorten(user, own, most);
}

void user_shard::do_serve(incarnation from, const user_id& user,
                          const departed& x) {
  auto found = users_.find(user);
  if (found == users_.end())
    return;
  std::erase_if(found->second,
                [&](auto& y) { return y.node == from && y.who == x.who; });
  if (found->second.empty())
    users_.erase(found);
}

void user_shard::do_serve(incarnation from, const user_id& user,
                          const message& x) {
  uint64_t count = 0;
  auto whole = knows_all();
  for (auto [node, connections] : nodes_of(user))
    if (port_.send(node, user, handover{from, x}))
      count += connections;
    else
      whole = false;
  // Nobody may have it only where that is known of all nodes.
  if (count > 0 || whole)
    port_.send(from, user, receipt{x.number, count});
  else
    port_.send(from, user, declined{x.number});
}

void user_shard::do_serve(incarnation from, const user_id& user,
                          const kick& x) {
  uint64_t count = 0;
  auto whole = knows_all();
  for (auto [node, connections] : nodes_of(user)) {
    if (!port_.send(node, user, expulsion{})) {
      whole = false;
      continue;
    }
    count += connections;
    std::erase_if(users_[user], [&](auto& y) { return y.node == node; });
  }
  if (auto found = users_.find(user);
      found != users_.end() && found->second.empty())
    users_.erase(found);
  // All are to go: that those go who can be told is not enough.
  if (whole)
    port_.send(from, user, receipt{x.number, count});
  else
    port_.send(from, user, declined{x.number});
}

// -- tables ------------------------------------------------------------------------

/// One by another cluster than ours says nothing of our users: who has a newer
/// one is asked again when that is here.
void user_shard::take(incarnation from, table&& x) {
  if (x.revision != now_->now.revision || !now_->has(from))
    return;
  auto& rows = parts_[from];
  if (x.first)
    rows.clear();
  std::ranges::move(x.rows, std::back_inserter(rows));
  if (!x.last)
    return;
  auto all = std::move(rows);
  parts_.erase(from);
  asked_.erase(from);
  to_ask_.erase(from);
  replace(from, std::move(all));
  if (missing_.erase(from) > 0 && missing_.empty() && !settled())
    settle();
}

/// What the node asks for with its table may have been granted while that was on
/// its way: such a seat stays, and the node is told again.
void user_shard::replace(incarnation node, std::vector<row>&& rows) {
  auto asks = [](const row& x) { return x.order == 0; };
  std::set<connection_id> asking;
  for (auto& x : rows)
    if (asks(x))
      asking.insert(x.who);
  empty_seats(
    [&](auto& x) { return x.node == node && !asking.contains(x.who); });
  std::set<user_id> touched;
  for (auto& x : rows) {
    if (asks(x) || !is_home_of(x.user))
      continue;
    auto& own = users_[x.user];
    seat made{x.order, node, x.who};
    own.insert(std::ranges::upper_bound(own, made), made);
    order_ = std::max(order_, x.order);
    touched.insert(std::move(x.user));
  }
  for (auto& user : touched)
    shorten(user, users_[user], within_.max_connections_per_user);
  for (auto& x : rows)
    if (asks(x))
      serve(node, x.user, knock{now_->now.revision, x.who});
}

/// Two homes, or none, have let them in.
void user_shard::shorten(const user_id& user, seats& own, size_t most) {
  while (own.size() > most) {
    auto oldest = within_.policy == per_user_policy::evict_oldest;
    auto which = oldest ? own.begin() : own.end() - 1;
    // Where it cannot be told, it will be in the node's table again.
    if (!port_.send(which->node, user, eviction{which->who}))
      to_ask_.insert(which->node);
    own.erase(which);
  }
}

// -- looking -----------------------------------------------------------------------

std::map<incarnation, uint64_t>
user_shard::nodes_of(const user_id& user) const {
  std::map<incarnation, uint64_t> result;
  if (auto found = users_.find(user); found != users_.end())
    for (auto& one : found->second)
      ++result[one.node];
  return result;
}

std::vector<std::pair<incarnation, connection_id>>
user_shard::seats_of(const user_id& user) const {
  std::vector<std::pair<incarnation, connection_id>> result;
  if (auto found = users_.find(user); found != users_.end())
    for (auto& one : found->second)
      result.emplace_back(one.node, one.who);
  return result;
}

} // namespace parlor
