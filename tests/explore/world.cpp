// SPDX-License-Identifier: MIT
#include "tests/explore/world.hpp"

#include "messages/keyed_hash.hpp"

#include <caf/event_based_actor.hpp>
#include <caf/send.hpp>

#include <algorithm>
#include <chrono>
#include <utility>

namespace parlor::explore {

world::config::config() {
  add_messages(*this);
  set("scheduler.policy", caf::atom("testing"));
}

world::world()
  : system_{cfg_},
    scheduler_{
      dynamic_cast<caf::scheduler::test_coordinator&>(system_.scheduler())},
    sockets_{sockets{stage_}, sockets{stage_}} {
  keyed_hash::use({});
  for (auto& one : sockets_)
    env.threads.push_back({nullptr, &one});
  env.revision = 1;
  env.now = [this] {
    stage_.call();
    return event::timestamp{std::chrono::milliseconds{1'000'000'000'123}};
  };
}

world::~world() {
  end_all();
}

// -- a run's begin and end -----------------------------------------------------

void world::begin(const scenario& what) {
  end_all();
  script = &what;
  prepare_clients();
  env.limits = {};
  env.limits.max_connections = 1000;
  env.limits.messages_per_second = 0;
  if (what.within)
    what.within(env.limits);
  turns_.assign(1, {});
  core = spawn_core(system_, env);
  run_jobs();
  settle();
  size_t requests = 0;
  for (auto& one : what.before) {
    effect ignored;
    if (!is_ready(one))
      throw violation{"never ready: " + one.text};
    ++now_;
    take(one, ++requests, ignored);
    run_jobs();
    note_ready();
    settle();
  }
  taken_.assign(what.together.size(), 0);
  last_of_.assign(what.together.size(), 0);
  group_at_.assign(what.together.size(), {});
  crashes_left_ = what.crashes;
  now_ = 0;
  for (auto& [name, who] : clients)
    who.ready_by = 0;
  for (auto& [at, letters] : mail_)
    for (auto& one : letters)
      one.sent_by = 0;
}

/// Actors, messages and timers of one run are none of the next one's.
void world::end_all() {
  taken_.clear();
  clients.clear();
  mail_.clear();
  for (size_t i = 1; i < actors.size(); ++i)
    if (auto self = actors[i].self.lock())
      caf::anon_send_exit(self, caf::exit_reason::kill);
  core = {};
  api_ = nullptr;
  scheduler_.run();
  scheduler_.trigger_timeouts();
  scheduler_.run();
  scheduler_.clock().current_time = {};
  scheduler_.clock().current_time += std::chrono::hours{1};
  actors.clear();
  calls.clear();
  for (auto& one : sockets_)
    one.clear();
  for (auto& place : env.threads)
    place.kept = std::make_shared<memory_pool>();
  env.presences = std::make_shared<presence_memory>();
  broadcasts = now_ = crashes_left_ = 0;
  crashed = false;
  stage_.acting = 0;
  stage_.armed = false;
}

// -- turns ---------------------------------------------------------------------

/// Lets new actors begin, and takes what was sent out of mailboxes.
void world::run_jobs() {
  while (scheduler_.has_job()) {
    auto& actor = scheduler_.next_job<caf::scheduled_actor>();
    auto number = actors.number_of(actor, stage_.acting);
    empty_mailbox(actor, [&](bool urgent, caf::mailbox_element_ptr&& what) {
      mail_[{stage_.acting, number, urgent}].push_back(
        {std::move(what), caf::strong_actor_ptr{actor.ctrl()}, now_,
         turns_[stage_.acting]});
    });
    scheduler_.run_once();
  }
}

/// The actor's turn: it handles this message and no other.
void world::give(size_t to, letter&& what) {
  stage_.acting = to;
  advance(to, what.sent);
  what.to->enqueue(std::move(what.what), nullptr);
  if (scheduler_.has_job())
    scheduler_.run_once();
  run_jobs();
}

std::vector<action> world::enabled() const {
  std::vector<action> result;
  for (auto& [at, letters] : mail_)
    if (may_arrive(at))
      result.push_back({at});
  for (size_t i = 0; i < taken_.size(); ++i) {
    auto& all = script->together[i];
    if (taken_[i] < all.size() && is_ready(all[taken_[i]]))
      result.push_back({{i, 0, false}, true});
  }
  if (crashes_left_ > 0)
    for (auto& [at, letters] : mail_)
      if (may_crash(at) && may_arrive(at))
        result.push_back({at, false, true});
  return result;
}

bool world::may_arrive(const channel& at) const {
  auto& sent = mail_.at(at).front().sent;
  return std::ranges::none_of(mail_, [&](auto& other) {
    return other.first.to == at.to && other.first != at
           && precedes(other.first, other.second.front().sent, at, sent);
  });
}

/// The actor takes a turn.
void world::advance(size_t actor, const moment& by) {
  if (turns_.size() <= actor)
    turns_.resize(actor + 1);
  turns_[actor] = turns_[actor].next(actor, by);
}

/// Of a room's handlers only what is said calls a port.
bool world::may_crash(const channel& at) const {
  switch (actors[at.to].as) {
    case role::connection:
      return !actors.ended(at.to);
    case role::lane:
      // The registry's are of the core, whose crash ends the process.
      return !actors.ended(at.to) && actors[at.to].parent != 0;
    case role::room: {
      auto& content = mail_.at(at).front().what->content();
      return content.match_elements<publish>()
             || content.match_elements<post>();
    }
    default:
      return false;
  }
}

effect world::perform(const action& what) {
  effect result;
  result.what = what;
  ++now_;
  if (what.is_step) {
    auto group = what.where.from;
    auto index = taken_[group]++;
    auto& next = script->together[group][index];
    result.enabled_by = std::exchange(last_of_[group], now_);
    result.sent = group_at_[group];
    take(next, 100 * (group + 1) + index, result);
    run_jobs();
    group_at_[group] = turns_[result.receiver];
  } else {
    auto at = mail_.find(what.where);
    auto next = std::move(at->second.front());
    at->second.pop_front();
    if (at->second.empty())
      mail_.erase(at);
    result.receiver = what.where.to;
    result.enabled_by = next.sent_by;
    result.subject = subject_of(*next.what);
    result.sent = next.sent;
    auto had_failed = [&] {
      auto* room = actors.state_of<room_state>(result.receiver);
      return room != nullptr && room->failed;
    };
    auto failed = had_failed();
    stage_.armed = what.crash;
    auto alive = !actors.ended(result.receiver);
    give(result.receiver, std::move(next));
    result.crashed = what.crash && !std::exchange(stage_.armed, false);
    result.failed = had_failed() != failed;
    result.ended = alive && actors.ended(result.receiver);
    crashes_left_ -= result.crashed;
    crashed = crashed || result.crashed;
  }
  note_ready();
  return result;
}

void world::settle() {
  for (;;) {
    auto all = enabled();
    if (all.empty())
      return;
    perform(all.front());
  }
}

bool world::fire_timer() {
  stage_.acting = 0;
  advance(0, {});
  if (!scheduler_.trigger_timeout())
    return false;
  run_jobs();
  return true;
}

size_t world::subject_of(caf::mailbox_element& x) const {
  auto& content = x.content();
  auto number = [&](auto& handle) { return actors.find(handle.id()); };
  if (content.match_elements<join>())
    return number(content.get_as<join>(0).handle);
  if (content.match_elements<leave>())
    return number(content.get_as<leave>(0).handle);
  if (content.match_elements<entrance>())
    return number(content.get_as<entrance>(0).handle);
  return 0;
}

void world::note_ready() {
  for (auto& [name, who] : clients)
    if (who.ready_by == 0 && who.handle && is_ready(who))
      who.ready_by = now_;
}

std::string world::describe(const action& x) const {
  if (x.is_step)
    return script->together[x.where.from][taken_[x.where.from]].text;
  auto& next = *mail_.at(x.where).front().what;
  auto from = x.where.from == 0 ? "timer" : actors[x.where.from].name;
  constexpr size_t most = 90;
  auto content = to_string(next.content());
  if (content.size() > most)
    content = content.substr(0, most) + "...";
  return from + " -> " + actors[x.where.to].name + ": " + content
         + (x.crash ? ", which throws" : "");
}

} // namespace parlor::explore
