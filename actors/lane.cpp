// SPDX-License-Identifier: MIT
#include "actors/lane.hpp"

#include <algorithm>
#include <chrono>
#include <span>

namespace parlor {

namespace {

/// Takes one element out of a flat array that has no order.
void erase_unordered(std::vector<connection_id>& xs, connection_id x) {
  auto found = std::find(xs.begin(), xs.end(), x);
  if (found == xs.end())
    return;
  *found = xs.back();
  xs.pop_back();
}

bool contains(const std::vector<connection_id>& xs, connection_id x) {
  return std::find(xs.begin(), xs.end(), x) != xs.end();
}

} // namespace

lane_state::lane_state(actor_type::pointer self_ptr, outboxes* its_sockets,
                       uint8_t its_thread)
  : self{self_ptr}, sockets{its_sockets}, thread{its_thread} {}

lane_actor::behavior_type lane_state::make_behavior() {
  return {
    // CAF tries them in this order.
    [this](const delivery& x) { deliver(x); },
    [this](const mail& x) { hand_out(x); },
    [this](const remark& x) { tell(x); },
    [this](const admission& x) { admit(x); },
    [this](const dismissal& x) { dismiss(x); },
    [this](const announcement& x) { sockets->send_all(x.what, x.except); },
    [](atom::probe) { return true; },
    [this](atom::stats) { return count(); },
    [this](state_query x) { return inspect(x); },
  };
}

void lane_state::admit(const admission& x) {
  members[index_of(x.speaks)].push_back(x.member);
  sockets->answer(x.member, x.greeting);
}

void lane_state::dismiss(const dismissal& x) {
  erase_unordered(members[index_of(x.speaks)], x.member);
  sockets->send(x.member, x.goodbye);
  sockets->served(x.member);
}

void lane_state::deliver(const delivery& x) {
  if (x.fleeting)
    deliver_fleeting(x);
  else if (!x.except.empty())
    deliver_except(x);
  else
    for (auto to : all_dialects)
      if (!x.what[to].empty())
        sockets->send(members[index_of(to)], x.what[to]);
  if (x.said.count() > 0)
    sockets->time_fanout(std::chrono::steady_clock::time_point{x.said});
  if (x.from && x.from.thread() == thread)
    sockets->served(x.from);
}

/// Runs of members between those that are left out.
void lane_state::deliver_except(const delivery& x) {
  for (auto to : all_dialects) {
    std::span<const connection_id> rest{members[index_of(to)]};
    for (;;) {
      auto out = std::find_if(rest.begin(), rest.end(), [&](auto member) {
        return contains(x.except, member);
      });
      auto run = static_cast<size_t>(out - rest.begin());
      sockets->send(rest.first(run), x.what[to]);
      if (run == rest.size())
        break;
      sockets->send(rest[run], x.instead[to]);
      rest = rest.subspan(run + 1);
    }
  }
}

void lane_state::deliver_fleeting(const delivery& x) {
  for (auto to : all_dialects) {
    if (x.what[to].empty())
      continue;
    auto receivers = members[index_of(to)];
    for (auto left_out : x.except)
      erase_unordered(receivers, left_out);
    sockets->send_fleeting(receivers, x.what[to]);
  }
}

void lane_state::tell(const remark& x) {
  sockets->answer(x.to, {&x.what, 1});
  if (x.served)
    sockets->served(x.to);
}

void lane_state::hand_out(const mail& x) {
  for (auto& letter : x.letters) {
    // Some are for those whom the registry has let in just now.
    sockets->send_admitted(letter.to, letter.what);
    if (letter.served)
      sockets->served(letter.to);
  }
}

thread_report lane_state::count() {
  thread_report result{thread, sockets->snapshot(), {}};
  // Tests run it elsewhere.
  if (auto* loop = dynamic_cast<event_loop*>(self->context()))
    result.mailboxes = loop->waiting();
  return result;
}

report lane_state::inspect(state_query x) const {
  report result{name, self->id(), x.about};
  result.number("thread", thread);
  for (auto spoken : all_dialects)
    result.number(std::string{dialect_names[index_of(spoken)]},
                  members[index_of(spoken)].size());
  return result;
}

} // namespace parlor
