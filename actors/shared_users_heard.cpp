// SPDX-License-Identifier: MIT
#include "actors/shared_users.hpp"

#include "actors/registry.hpp"

#include <type_traits>
#include <utility>

// What other nodes, or this one in its other part, say of users.
namespace parlor {

using namespace registration;

void shared_users::hear(incarnation from, const user_id& user, note&& what) {
  std::visit(
    [&]<class T>(T&& x) {
      if constexpr (requires { take(from, user, x); })
        take(from, user, x);
      else
        shard_.hear(from, user, std::forward<T>(x));
    },
    std::move(what));
}

/// By a cluster that is not known here yet: once it is. By an older one: another
/// question will come.
void shared_users::take(incarnation from, const user_id&, const ask& x) {
  if (x.revision > revision())
    early_asks_[from] = x.revision;
  else if (x.revision == revision() && now_->has(from) && !tell_table(from)) {
    unreached_.insert(from);
    unsure_.insert(from);
  }
}

/// One that is not the home any more, or not yet, has no say.
void shared_users::take(incarnation from, const user_id& user, const grant& x) {
  if (home_of(user) != from)
    return;
  auto asked = wishes_.find(x.who);
  if (asked == wishes_.end()) {
    auto known = rows_[from].find(x.who);
    if (known != rows_[from].end())
      known->second.order = x.order;
    else if (!post(from, user, departed{revision(), x.who}))
      // It was asked for twice, and answered once already.
      unsure_.insert(from);
    return;
  }
  auto done = wishes_.extract(asked);
  rows_[from].insert_or_assign(x.who, row{user, x.who, x.order});
  if (done.mapped().inside)
    return;
  --outside_;
  registry_.let_in(done.mapped().who);
}

void shared_users::take(incarnation from, const user_id& user,
                        const refusal& x) {
  if (home_of(user) != from)
    return;
  auto done = wishes_.extract(x.who);
  if (!done.empty() && !done.mapped().inside) {
    --outside_;
    registry_.turn_away(done.mapped().who);
  } else if (rows_[from].contains(x.who) || !done.empty()) {
    // It was let in before the home knew of others.
    leave(x.who, user);
    registry_.turn_out(x.who);
  }
}

/// Whoever says so: who is a home by mistake will be corrected by the next one.
/// The home is told that it is gone, since a table may be on its way that has it.
void shared_users::take(incarnation, const user_id& user, const eviction& x) {
  // One that was the home had let it in: another one is asked now.
  if (auto asked = wishes_.find(x.who);
      asked != wishes_.end() && !asked->second.inside)
    return;
  leave(x.who, user);
  registry_.give_way(x.who);
}

void shared_users::take(incarnation, const user_id& user, handover& x) {
  if (!heard_.note(x.origin, x.what))
    return;
  // No client has this name, on any node.
  auto from_api = x.what.sender == registry_.options.env->api_sender;
  registry_.hand_over({user, std::move(x.what.sender),
                       std::move(x.what.content), x.what.at, from_api});
}

void shared_users::take(incarnation from, const user_id&, const receipt& x) {
  if (auto done = finish(x.number))
    return answer(*done, x.count);
  auto found = searches_.find(x.number);
  if (found == searches_.end())
    return;
  found->second.asked.erase(from);
  if (x.count > 0 || found->second.asked.empty())
    end_search(x.number, x.count > 0);
}

void shared_users::take(incarnation, const user_id&, const declined& x) {
  if (auto done = finish(x.number))
    give_up(*done);
}

void shared_users::take(incarnation, const user_id& user, const expulsion&) {
  registry_.kick_here(user);
}

void shared_users::take(incarnation, const user_id&, notice& x) {
  registry_.announce({std::move(x.content), x.at}, x.exclude);
}

void shared_users::take(incarnation from, const user_id&, const kick_one& x) {
  auto found = registry_.kick_here(x.who);
  send(from, nobody(), receipt{x.number, found ? 1u : 0u});
}

} // namespace parlor
