// SPDX-License-Identifier: MIT
#include "actors/replica.hpp"

#include <algorithm>
#include <utility>

// A replica as its room's home: how it opens, and gives commands their places.
namespace parlor {

using namespace replication;

namespace {

/// Whether the log that this is the digest of has a place.
bool has(const digest& x, const place& at) {
  auto in = [&](const place& run) {
    return run.epoch == at.epoch && at.seq <= run.seq && at.seq > x.before.seq;
  };
  return at == x.before || std::ranges::any_of(x.runs, in);
}

place last(const digest& x) {
  return x.runs.empty() ? x.before : x.runs.back();
}

} // namespace

void replica::begin_lead() {
  lead_.emplace();
  lead_->since = lead_->standby_since = roles_.revision;
  for (auto& [who, x] : std::exchange(early_, {}))
    handle(who, x);
  ask_all();
  try_open();
}

/// It was home before. Who has gone gets nothing more.
void replica::keep_lead() {
  forget_strangers();
  if (past_.back().standby != roles_.standby)
    lead_->standby_since = roles_.revision;
  auto gone = [this](incarnation who) { return !is_member(who); };
  std::erase_if(lead_->members, [&](auto& x) { return gone(x.first); });
  std::erase_if(lead_->lost, gone);
  std::erase_if(lead_->unheard, gone);
  std::erase_if(lead_->heard, [&](auto& x) { return gone(x.first); });
  if (gone(lead_->fetching))
    lead_->fetching = {};
  for (auto& [who, x] : std::exchange(early_, {}))
    handle(who, x);
  if (lead_->open) {
    // A follower that becomes the standby promises without being asked.
    if (!lead_->members.contains(roles_.standby))
      ask_followers();
    decide_alone();
    mark_all();
  } else {
    ask_all();
    try_open();
  }
}

// -- before it is open ---------------------------------------------------------

void replica::ask_all() {
  for (auto who : roles_.members)
    if (who != self_ && !lead_->heard.contains(who))
      port_.send(who, ask{roles_.revision});
}

/// Whether the standby follows, and has promised since it is the standby.
bool replica::has_standby() const {
  auto found = lead_->members.find(roles_.standby);
  return found != lead_->members.end()
         && found->second.revision >= lead_->standby_since;
}

bool replica::lacks_followers() const {
  return !lead_->lost.empty() || (roles_.standby && !has_standby());
}

/// A standby that came in later may not know of the room, and a follower may
/// not know that it was lost.
void replica::ask_followers() {
  auto missing = lead_->lost;
  if (roles_.standby && !has_standby())
    missing.insert(roles_.standby);
  for (auto who : missing)
    port_.send(who, ask{roles_.revision});
}

void replica::handle(incarnation from, promise& x) {
  if (x.revision > roles_.revision) {
    early_[from] = std::move(x);
    return;
  }
  // A promise for an earlier view says nothing of what came between.
  if (!lead_ || x.revision < lead_->since || !is_member(from))
    return;
  if (lead_->open) {
    auto found = lead_->members.find(from);
    if (found == lead_->members.end() || found->second.number != x.number)
      return admit(from, x);
    // The answer is on its way, or there.
    found->second.revision = x.revision;
    return;
  }
  auto& heard = lead_->heard[from];
  if (from == lead_->fetching && last(heard.holds) != last(x.holds))
    lead_->fetching = {};
  heard = std::move(x);
  try_open();
}

/// The last view that is known to be established, by all that were heard; 0 where
/// there is none, or not all views since then are remembered.
uint64_t replica::known_established() const {
  auto known = established_;
  for (auto& [who, x] : lead_->heard)
    known = std::max(known, x.established);
  return past_.empty() || past_.front().revision > known ? 0 : known;
}

/// Whether everything that was ever confirmed is in one of the logs that are
/// known: in each view since the last in which one of them was established,
/// only its home and its standby can have confirmed anything, and both had it
/// then. Who has no log at all may have lost it.
bool replica::may_open() const {
  auto missing = [this](incarnation who) {
    return who != self_ && is_member(who) && !lead_->heard.contains(who);
  };
  auto known = known_established();
  auto are_gone = [&](const roles& x) {
    return x.revision >= known && x.home && !is_member(x.home)
           && !is_member(x.standby);
  };
  if (lead_->waited < limits_.returns && std::ranges::any_of(past_, are_gone))
    return false;
  if (std::ranges::none_of(roles_.members, missing))
    return true;
  if (lead_->waited < limits_.patience || known == 0)
    return false;
  auto has_log = [this](incarnation who) {
    if (who == self_)
      return log_.seq() > 0;
    auto found = lead_->heard.find(who);
    return found != lead_->heard.end() && last(found->second.holds).seq > 0;
  };
  return std::ranges::none_of(past_, [&](const roles& x) {
    return x.revision >= known && (missing(x.home) || missing(x.standby))
           && !has_log(x.home) && !has_log(x.standby);
  });
}

void replica::try_open() {
  if (lead_->open || lead_->fetching || port_.fenced() || !may_open())
    return;
  auto furthest = log_.last();
  const std::pair<const incarnation, promise>* best = nullptr;
  for (auto& one : lead_->heard) {
    if (auto place = last(one.second.holds); place > furthest) {
      furthest = place;
      best = &one;
    }
  }
  if (best == nullptr)
    return open();
  lead_->fetching = best->first;
  lead_->fetching_since = roles_.revision;
  port_.send(best->first,
             fetch{roles_.revision, log_.agreed(best->second.holds)});
}

void replica::handle(incarnation from, part& x) {
  if (!lead_ || lead_->open || from != lead_->fetching
      || x.revision != lead_->fetching_since)
    return;
  lead_->fetching = {};
  auto upto = x.entries.empty() ? x.before.seq : x.entries.back().at.seq;
  agree(x.before, x.sequenced, x.state, x.state.empty() ? 0 : upto);
  for (auto& one : x.entries)
    take(std::move(one));
  try_open();
}

void replica::open() {
  forget_strangers();
  lead_->open = true;
  lead_->opened_at = log_.seq();
  joined_ = caught_up_ = true;
  epoch_ = {roles_.revision, port_.next_opening()};
  for (auto& [who, x] : std::exchange(lead_->heard, {}))
    admit(who, x);
  decide_alone();
  enter(epoch_);
  mark_all();
}

// -- while it is open ----------------------------------------------------------

void replica::admit(incarnation who, const promise& x) {
  lead_->members.erase(who);
  lead_->lost.erase(who);
  if (!x.takes_part)
    return;
  resume answer{x.number, epoch_, log_.agreed(x.holds), {}, {}, 0};
  if (answer.agreed.seq < log_.before().seq)
    answer.agreed = log_.before();
  answer.sequenced = log_.sequenced_at(answer.agreed.seq);
  if (!has(x.holds, answer.agreed)) {
    answer.state = port_.state();
    answer.upto = log_.seq();
  }
  auto seq = answer.agreed.seq;
  port_.send(who, std::move(answer));
  while (seq < log_.seq())
    port_.send(who, decision{epoch_, log_.at(++seq)});
  port_.send(who, mark{epoch_, log_.seq(), confirmed_, established_});
  lead_->members[who] = {x.number, x.revision};
}

void replica::handle(incarnation from, replication::proposal& x) {
  if (!lead_ || !lead_->open)
    return;
  if (port_.fenced()) {
    lead_->unheard.insert(from);
    return;
  }
  auto next = std::max(log_.sequenced(x.what.from) + 1, x.first);
  if (x.epoch != epoch_ || !lead_->members.contains(from)
      || x.what.number > next)
    port_.send(from, stale{x.epoch});
  else if (x.what.number == next)
    sequence(std::move(x.what));
}

/// Who promises again proposes again.
void replica::ask_for_unheard() {
  if (port_.fenced())
    return;
  for (auto who : std::exchange(lead_->unheard, {}))
    port_.send(who, stale{epoch_});
}

void replica::sequence(command&& what) {
  port_.judge(what);
  entry made{{epoch_, log_.seq() + 1}, std::move(what)};
  for (auto& [who, promised] : lead_->members)
    port_.send(who, decision{epoch_, made});
  take(std::move(made));
  decide_alone();
}

void replica::handle(incarnation from, const ack& x) {
  if (!lead_ || !lead_->open || from != roles_.standby || x.epoch != epoch_
      || !has_standby() || port_.fenced()
      || x.seq < std::max(confirmed_, lead_->opened_at))
    return;
  auto news = x.seq > confirmed_ || established_ < roles_.revision;
  establish(roles_.revision);
  settle(x.seq);
  if (news)
    mark_all();
}

/// Without a standby what it has is confirmed, and nobody's ack says so.
void replica::decide_alone() {
  if (roles_.standby || port_.fenced())
    return;
  auto news = confirmed_ < log_.seq() || established_ < roles_.revision;
  establish(roles_.revision);
  settle(log_.seq());
  if (news)
    mark_all();
}

void replica::mark_all() {
  for (auto& [who, promised] : lead_->members)
    port_.send(who, mark{epoch_, log_.seq(), confirmed_, established_});
}

} // namespace parlor
