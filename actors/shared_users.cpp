// SPDX-License-Identifier: MIT
#include "actors/shared_users.hpp"

#include "actors/registry.hpp"
#include "messages/limits.hpp"
#include "telemetry/log.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace parlor {

using namespace registration;

shared_users::shared_users(registry_state& registry)
  : registry_{registry},
    peers_{*registry.options.env->peers},
    shard_{*this, registry.options.env->limits} {}

bool shared_users::isolated() const {
  return !now_->self || peers_.fenced(now_->self);
}

incarnation shared_users::home_of(const user_id& user) const {
  return now_->home_of(user.str());
}

void shared_users::settle() {
  while (!to_self_.empty()) {
    auto next = std::move(to_self_.front());
    to_self_.pop_front();
    hear(now_->self, next.user, std::move(next.what));
  }
  if (waiting() > 0 || !settled_.empty() || !unreached_.empty()
      || !unsure_.empty() || shard_.waits())
    registry_.beat_soon();
}

bool shared_users::send(incarnation to, const user_id& user, note what) {
  if (to != now_->self)
    return peers_.send_in_order(now_->self, to, to_envelope(user, what));
  to_self_.push_back({user, std::move(what)});
  return true;
}

/// Behind all that this home was told before, or not at all.
bool shared_users::post(incarnation home, const user_id& user, note what) {
  if (unreached_.contains(home))
    return false;
  if (send(home, user, std::move(what)))
    return true;
  unreached_.insert(home);
  return false;
}

// -- coming and going --------------------------------------------------------------

void shared_users::enter(const entrance& x) {
  turn([&] {
    auto& made = wishes_.emplace(x.connection, wish{x, {}}).first->second;
    ++outside_;
    if (isolated())
      decide_alone(made);
    else
      ask_in(made);
  });
}

void shared_users::ask_in(wish& x) {
  auto home = home_of(x.who.user);
  x.home = {};
  if (home && post(home, x.who.user, knock{revision(), x.who.connection}))
    x.home = home;
}

/// Its home does not answer: the limits of this node hold, until that does.
void shared_users::decide_alone(wish& x) {
  --outside_;
  x.inside = true;
  if (!registry_.let_in_alone(x.who))
    abandon(x.who.connection);
}

/// For all that have waited long enough, or have nobody to wait for.
void shared_users::decide_alone() {
  std::vector<wish*> late;
  for (auto& [id, one] : wishes_)
    if (!one.inside && (isolated() || one.pauses >= entrance_pauses))
      late.push_back(&one);
  for (auto* one : late)
    decide_alone(*one);
}

void shared_users::leave(connection_id who, const user_id& user) {
  turn([&] {
    auto home = home_of(user);
    auto known = rows_[home].erase(who) > 0;
    if (auto asked = wishes_.find(who); asked != wishes_.end()) {
      known = true;
      outside_ -= asked->second.inside ? 0 : 1;
      wishes_.erase(asked);
    }
    if (known && home && !post(home, user, departed{revision(), who}))
      unsure_.insert(home);
  });
}

void shared_users::abandon(connection_id who) {
  if (auto asked = wishes_.find(who); asked != wishes_.end())
    leave(who, user_id{asked->second.who.user});
}

void shared_users::close() {
  std::vector<entrance> late;
  for (auto& [id, one] : wishes_)
    if (!one.inside)
      late.push_back(one.who);
  for (auto& one : late) {
    registry_.refuse_closing(one);
    abandon(one.connection);
  }
}

/// By the homes that there are now.
void shared_users::regroup() {
  for (auto& [home, rows] : std::exchange(rows_, {}))
    for (auto& [id, one] : rows) {
      auto to = home_of(one.user);
      rows_[to].emplace(id, std::move(one));
    }
}

/// What was asked of it and is not granted is in it: the question may have been
/// lost, or the grant may be on its way.
bool shared_users::tell_table(incarnation home) {
  table part{revision(), true, false, {}};
  auto add = [&](row x) {
    part.rows.push_back(std::move(x));
    if (part.rows.size() < rows_per_page)
      return true;
    auto sent = send(home, nobody(), part);
    part.first = false;
    part.rows.clear();
    return sent;
  };
  for (auto& [id, one] : rows_[home])
    if (!add(one))
      return false;
  for (auto& [id, one] : wishes_)
    if (one.home == home && !add({one.who.user, id, 0}))
      return false;
  part.last = true;
  return send(home, nobody(), std::move(part));
}

std::vector<row> shared_users::rows() const {
  std::vector<row> result;
  for (auto& [home, rows] : rows_)
    for (auto& [id, one] : rows)
      result.push_back(one);
  return result;
}

// -- the cluster -------------------------------------------------------------------

/// All of which nothing is to be heard any more.
template <class F>
void shared_users::end_searches(F is_over) {
  std::vector<uint64_t> over;
  for (auto& [number, one] : searches_)
    if (is_over(one))
      over.push_back(number);
  for (auto number : over)
    end_search(number, false);
}

void shared_users::sit(seating_ptr now) {
  turn([&] {
    auto another = now->self != now_->self;
    now_ = std::move(now);
    std::erase_if(unreached_, [&](auto x) { return !now_->has(x); });
    std::erase_if(unsure_, [&](auto x) { return !now_->has(x); });
    regroup();
    heard_.sit(*now_);
    shard_.sit(now_);
    if (another) {
      settled_.clear();
      give_up_all();
    }
    for (auto& [number, one] : errands_)
      if (one.home != home_of(one.to))
        carry(number, one);
    for (auto& [id, one] : wishes_)
      if (another || one.home != home_of(one.who.user))
        ask_in(one);
    if (isolated())
      decide_alone();
    end_searches([&](auto& one) {
      std::erase_if(one.asked, [&](auto x) { return !now_->has(x); });
      return one.asked.empty();
    });
    for (auto& [whom, wanted] : std::exchange(early_asks_, {})) {
      if (wanted == revision())
        take(whom, nobody(), ask{wanted});
      else if (wanted > revision())
        early_asks_.emplace(whom, wanted);
    }
  });
}

void shared_users::hear(const peer_letter& x) {
  if (auto what = to_user_note(x.content))
    turn([&] { hear(x.from, user_id{x.name}, std::move(*what)); });
  else
    log::error("peer not understood", {{"peer", x.from.value()}});
}

void shared_users::lose(incarnation link_to) {
  turn([&] {
    peers_.know_lost(link_to);
    shard_.lose(link_to);
    if (now_->has(link_to)) {
      unreached_.insert(link_to);
      unsure_.insert(link_to);
    }
    for (auto& [id, one] : wishes_)
      if (one.home == link_to)
        one.home = {};
    for (auto& [number, one] : errands_)
      if (one.home == link_to)
        one.home = {};
    end_searches([&](auto& one) {
      auto was_asked = one.asked.erase(link_to) > 0;
      one.silence = one.silence || was_asked;
      return was_asked && one.asked.empty();
    });
  });
}

/// All that is for this home, in the order in which it came up.
void shared_users::try_again(incarnation home) {
  unreached_.erase(home);
  if (unsure_.contains(home)) {
    if (!tell_table(home)) {
      unreached_.insert(home);
      return;
    }
    unsure_.erase(home);
  }
  for (auto& [id, one] : wishes_)
    if (one.home != home && home_of(one.who.user) == home)
      ask_in(one);
  for (auto& [number, one] : errands_)
    if (one.home != home && home_of(one.to) == home)
      carry(number, one);
}

void shared_users::beat() {
  turn([&] {
    shard_.beat();
    auto again = unreached_;
    again.insert(unsure_.begin(), unsure_.end());
    if (now_->self)
      for (auto home : again)
        try_again(home);
    for (auto& [id, one] : wishes_)
      if (++one.pauses % entrance_pauses == 0 && !isolated())
        ask_in(one);
    decide_alone();
    std::vector<uint64_t> over;
    for (auto& [number, one] : errands_)
      if (++one.pauses >= letter_pauses)
        over.push_back(number);
    for (auto number : over) {
      auto done = finish(number);
      give_up(*done);
    }
    for (auto& [number, pauses] : settled_)
      --pauses;
    std::erase_if(settled_, [](auto& x) { return x.second == 0; });
    end_searches([](auto& one) { return ++one.pauses >= gathering_pauses; });
  });
}

} // namespace parlor
