// SPDX-License-Identifier: MIT
#include "actors/replica.hpp"

#include <algorithm>
#include <utility>

namespace parlor {

using namespace replication;

namespace {

/// Views that are remembered; where more have passed, everyone is asked.
constexpr size_t most_views = 1000;

bool has(const std::vector<incarnation>& all, incarnation who) {
  return std::ranges::find(all, who) != all.end();
}

} // namespace

replica::replica(replica_port& port, const limits& within)
  : port_{port}, limits_{within} {}

bool replica::is_member(incarnation who) const {
  return has(roles_.members, who);
}

void replica::sit(incarnation self, const roles& now) {
  auto same_home = now.home == roles_.home && now.home;
  auto becomes_standby = now.standby == self && roles_.standby != self;
  past_.push_back(std::exchange(roles_, now));
  if (past_.size() > most_views)
    past_.pop_front();
  if (self != self_ || !is_member(self)) {
    // Nothing that was promised in another life holds, so nothing is resent.
    give_up_all();
    past_.clear();
    self_ = self;
    producer_ = {self, port_.next_opening()};
    numbered_ = passed_ = 0;
    same_home = false;
  }
  if (!same_home || !is_member(self_))
    leave_home();
  if (!is_member(self_)) {
    lead_.reset();
    early_.clear();
    return;
  }
  forget_gone();
  if (now.home != self_) {
    lead_.reset();
    early_.clear();
    // The home counts no ack of a standby that was none in between.
    if (!joined_ || becomes_standby)
      promise_home();
    acknowledge();
  } else if (lead_ && same_home) {
    keep_lead();
  } else {
    begin_lead();
  }
}

/// Who is in no more is never in again as the same incarnation. But a home may
/// have told it what somebody said who is in a later view only.
void replica::forget_gone() {
  if (past_.empty())
    return forget_strangers();
  auto& before = past_.back().members;
  log_.forget_producers(
    [&](incarnation who) { return has(before, who) && !is_member(who); });
}

/// Where no home of a later view can have told it anything.
void replica::forget_strangers() {
  log_.forget_producers([this](incarnation who) { return !is_member(who); });
}

std::optional<uint64_t> replica::submit(std::string body) {
  if (waiting_.size() >= limits_.unconfirmed || !is_member(self_))
    return std::nullopt;
  waiting_.push_back({{producer_, ++numbered_, std::move(body)}, {}});
  pass_on();
  return numbered_;
}

void replica::hear(incarnation from, letter what) {
  if (is_member(self_) && is_member(from))
    std::visit([&](auto& x) { handle(from, x); }, what);
  else if (auto* early = std::get_if<promise>(&what))
    // Who is not in this view may be in the next.
    handle(from, *early);
}

void replica::lose_link(incarnation to) {
  early_.erase(to);
  if (lead_) {
    // It may have come over the next link already, and know of no loss.
    if (lead_->members.erase(to) > 0)
      lead_->lost.insert(to);
    lead_->heard.erase(to);
    if (lead_->fetching == to)
      lead_->fetching = {};
  } else if (to == roles_.home) {
    leave_home();
  }
}

void replica::tick() {
  if (!is_member(self_))
    return;
  if (lead_ && lead_->open) {
    ask_followers();
    ask_for_unheard();
    decide_alone();
    pass_on();
    mark_all();
  } else if (lead_) {
    ++lead_->waited;
    if (lead_->fetching && lead_->fetches.is_over())
      lead_->fetching = {};
    ask_all();
    try_open();
  } else if (joined_) {
    pass_on_again();
  } else if (!resuming_) {
    // The home may not have known that it is one.
    promise_home();
  }
}

bool replica::restless() const {
  if (!is_member(self_))
    return false;
  if (lead_ && lead_->open)
    return confirmed_ < log_.seq() || !waiting_.empty() || lacks_followers()
           || !lead_->unheard.empty();
  return lead_ || !joined_ || !waiting_.empty();
}

std::vector<incarnation> replica::followers() const {
  if (!lead_)
    return {};
  std::vector<incarnation> result;
  for (auto& [who, promised] : lead_->members)
    result.push_back(who);
  return result;
}

// -- towards the home ----------------------------------------------------------

/// What it has may be one of two copies, until home and standby have it.
bool replica::may_step_out() const {
  return !lead_ && roles_.standby != self_ && settled_in() > 0
         && waiting_.empty();
}

void replica::step_out() {
  if (roles_.home && roles_.home != self_)
    port_.send(roles_.home, promise{roles_.revision, port_.next_opening(),
                                    established_, false, log_.holds()});
  leave_home();
}

void replica::leave_home() {
  joined_ = caught_up_ = false;
  resuming_.reset();
  promises_ = 0;
}

void replica::turn_home() {
  leave_home();
  promise_home();
}

/// The home answers a promise once, however often it hears it.
void replica::promise_home() {
  if (!roles_.home)
    return;
  if (promises_ == 0)
    promises_ = port_.next_opening();
  port_.send(roles_.home, promise{roles_.revision, promises_, established_,
                                  true, log_.holds()});
}

void replica::handle(incarnation from, const ask& x) {
  if (from != roles_.home || x.revision > roles_.revision)
    return;
  if (joined_ || resuming_)
    turn_home();
  else
    promise_home();
}

void replica::handle(incarnation from, const fetch& x) {
  if (from != roles_.home || joined_)
    return;
  auto before = log_.has(x.after) ? x.after : log_.before();
  part result{x.revision, before, log_.sequenced_at(before.seq), {}, {}};
  if (before != x.after)
    result.state = port_.state();
  for (auto seq = result.before.seq; seq < log_.seq(); ++seq)
    result.entries.push_back(log_.at(seq + 1));
  port_.send(from, std::move(result));
}

/// What an earlier home, or an earlier opening of this one, says is not heard.
bool replica::hears(incarnation from, const parlor::epoch& in) const {
  return from == roles_.home && joined_ && in == epoch_;
}

bool replica::resumes(incarnation from, const parlor::epoch& in) const {
  return from == roles_.home && resuming_ && in == resuming_->answer.epoch;
}

void replica::handle(incarnation from, resume& x) {
  if (from != roles_.home || promises_ == 0 || x.number != promises_ || joined_
      || x.epoch < epoch_)
    return;
  resuming_ = resumption{std::move(x)};
  complete_resumption();
}

/// Until all of it is there, what this log has still counts.
void replica::complete_resumption() {
  if (resuming_->seq() < resuming_->answer.upto)
    return;
  auto [answer, entries] = *std::exchange(resuming_, std::nullopt);
  agree(answer.agreed, answer.sequenced, answer.state, answer.upto);
  for (auto& one : entries)
    take(std::move(one));
  joined_ = true;
  enter(answer.epoch);
  acknowledge();
}

void replica::handle(incarnation from, const stale& x) {
  if (hears(from, x.epoch) || resumes(from, x.epoch))
    turn_home();
}

void replica::handle(incarnation from, decision& x) {
  if (resumes(from, x.epoch)) {
    if (x.what.at.seq != resuming_->seq() + 1)
      return turn_home();
    resuming_->entries.push_back(std::move(x.what));
    return complete_resumption();
  }
  if (!hears(from, x.epoch) || log_.has(x.what.at))
    return;
  if (x.what.at.seq != log_.seq() + 1)
    return turn_home();
  take(std::move(x.what));
  acknowledge();
}

void replica::handle(incarnation from, const mark& x) {
  if (resumes(from, x.epoch))
    return turn_home();
  if (!hears(from, x.epoch))
    return;
  if (x.seq != log_.seq())
    return turn_home();
  caught_up_ = true;
  establish(x.established);
  settle(x.confirmed);
  if (x.confirmed < x.seq || x.established < roles_.revision)
    acknowledge();
}

/// The standby answers for what it has.
void replica::acknowledge() {
  if (joined_ && roles_.standby == self_)
    port_.send(roles_.home, ack{epoch_, log_.seq()});
}

void replica::enter(const parlor::epoch& in) {
  epoch_ = in;
  port_.open(in);
  passed_ = 0;
  pass_on();
}

void replica::take(entry what) {
  if (is_own(what.what))
    for (auto& own : waiting_)
      if (own.what.number == what.what.number)
        own.at = what.at;
  port_.append(what);
  log_.append(std::move(what));
}

/// What is above has no place any more.
void replica::cut(uint64_t seq) {
  if (seq >= log_.seq())
    return;
  unplace(seq);
  auto last = std::max(seq, log_.before().seq);
  for (auto void_ = log_.seq(); void_ > last; --void_)
    port_.undo(log_.at(void_));
  log_.truncate(last);
}

void replica::unplace(uint64_t above) {
  for (auto& own : waiting_)
    if (own.at && own.at->seq > above)
      own.at.reset();
  confirmed_ = std::min(confirmed_, above);
}

/// The log goes on behind a place that is its own, or begins anew there. What
/// lies before where another log begins is confirmed.
void replica::agree(const place& at, const std::vector<progress>& then,
                    const std::string& state, uint64_t upto) {
  if (log_.has(at))
    return cut(at.seq);
  unplace(0);
  log_.restart(at, then);
  port_.skip(at, state, upto);
  auto known = log_.sequenced(producer_);
  while (!waiting_.empty() && waiting_.front().what.number <= known) {
    port_.confirm(waiting_.front().what.number, std::nullopt);
    waiting_.pop_front();
  }
}

void replica::establish(uint64_t revision) {
  established_ = std::max(established_, revision);
  while (!past_.empty() && past_.front().revision < established_)
    past_.pop_front();
}

/// What stays is told to those who wait, and may be forgotten.
void replica::settle(uint64_t confirmed) {
  confirmed_ = std::max(confirmed_, std::min(confirmed, log_.seq()));
  while (!waiting_.empty() && waiting_.front().at
         && waiting_.front().at->seq <= confirmed_) {
    port_.confirm(waiting_.front().what.number, waiting_.front().at);
    waiting_.pop_front();
  }
  log_.trim(limits_.entries, limits_.bytes, confirmed_);
}

bool replica::forget_oldest() {
  auto oldest = log_.before().seq + 1;
  if (oldest > confirmed_)
    return false;
  log_.trim(log_.seq() - oldest, SIZE_MAX, confirmed_);
  return true;
}

/// Own commands that the home has not been given yet.
void replica::pass_on() {
  auto open = lead_ ? lead_->open && !port_.fenced() : joined_;
  if (!open || waiting_.empty())
    return;
  auto first = waiting_.front().what.number;
  for (auto& own : waiting_) {
    if (own.at || own.what.number <= passed_)
      continue;
    passed_ = own.what.number;
    if (!lead_)
      port_.send(roles_.home, proposal{epoch_, first, own.what});
    else if (log_.sequenced(producer_) < own.what.number)
      sequence(command{own.what});
  }
}

/// A home of an earlier version does not tell that it was fenced when it heard
/// them.
void replica::pass_on_again() {
  auto unplaced = std::ranges::find_if(waiting_,
                                       [](const waiting& x) { return !x.at; });
  auto number = unplaced == waiting_.end() ? 0 : unplaced->what.number;
  if (number != std::exchange(stuck_, number))
    passes_ = {};
  if (number == 0 || !passes_.is_over())
    return;
  passed_ = 0;
  pass_on();
}

void replica::give_up_all() {
  for (auto& own : std::exchange(waiting_, {}))
    port_.give_up(own.what.number);
}

} // namespace parlor
