// SPDX-License-Identifier: MIT
#include "tests/explore/nodes/rooms_world.hpp"

#include "messages/limits.hpp"

#include <algorithm>
#include <utility>

namespace parlor::explore {

rooms_world::rooms_world(uint64_t seed) : nodes_world{seed} {
  auto listed = draw(3) == 0 ? 1 : 100;
  for (auto& x : nodes) {
    x.env.limits.members_announced = draw(4) == 0 ? 2 : 1000;
    x.env.limits.members_listed = static_cast<size_t>(listed);
    x.env.limits.max_connections_per_user = 100;
    if (draw(2) == 0)
      x.env.limits.history_size = 0;
  }
}

void rooms_world::play() {
  constexpr size_t steps = 600;
  for (size_t i = 0; i < steps; ++i)
    step();
  mend();
}

void rooms_world::step() {
  auto dice = draw(100);
  if (dice < 6)
    arrive();
  else if (dice < 22)
    speak();
  else if (dice < 26)
    go();
  else if (dice < 27)
    lose_a_node();
  else if (dice < 29)
    bring_back();
  else if (dice < 30)
    disturb();
  else if (dice < 34)
    pass_time();
  else if (dice < 36)
    leave_room();
  else if (dice < 60)
    deliver(draw(100));
  else if (draw(4) == 0)
    run();
  else
    scheduler().try_run_once();
}

void rooms_world::disturb() {
  auto which = draw(6);
  if (which == 0)
    draw(8) == 0 ? flood() : hesitate();
  else
    which < 3 ? drain() : blink();
}

void rooms_world::arrive() {
  auto which = draw(nodes.size());
  if (!nodes[which].running || people_.size() >= 12)
    return;
  auto& made = people_.emplace_back();
  made.name = std::string{"u"} + std::to_string(draw(5));
  made.node = which;
  made.is = &connect_soon(nodes[which], made.name.c_str());
}

/// Nobody is heard before being let in.
void rooms_world::knock(person& x) {
  if (x.is->at == nullptr || x.asked_in
      || !x.is->at->sockets.admitted.contains(x.is->id))
    return;
  x.asked_in = true;
  x.asked_before = x.asked;
  say_soon(*x.is, R"({"type":"join","room":"r","id":"join"})");
}

void rooms_world::speak() {
  if (people_.empty())
    return;
  auto& x = people_[draw(people_.size())];
  read(x);
  if (!x.here || x.is->at == nullptr || x.leaving)
    return;
  if (!x.asked_in)
    return knock(x);
  chat(x);
}

/// A message without a key shows a command that gets two positions: with a key the
/// home would publish it once all the same.
bool rooms_world::has_key(const std::string& content) {
  return std::stoul(content) % 4 != 0;
}

/// What was not confirmed is said again, or something new.
void rooms_world::chat(person& x) {
  if (x.again.empty())
    x.again.push_back(std::to_string(++contents_));
  auto content = x.again.back();
  x.again.pop_back();
  x.open[++x.asked] = content;
  auto key = has_key(content) ? R"(,"key":")" + content + '"' : "";
  say_soon(*x.is,
           chat_of(room, content, key + R"(,"id":)" + std::to_string(x.asked)));
}

/// More is said than is kept for nodes that do not hear it.
void rooms_world::flood() {
  constexpr size_t more_than_kept = 1100;
  for (auto& x : people_)
    read(x);
  auto who = std::ranges::find_if(people_, [&](const person& x) {
    return x.here && x.is->at != nullptr && x.is->at != lost_ && x.joined
           && !x.leaving;
  });
  if (who == people_.end())
    return;
  count("flood");
  for (size_t i = 0; i < more_than_kept; ++i) {
    chat(*who);
    deliver_all();
  }
}

void rooms_world::leave_room() {
  if (people_.empty())
    return;
  auto& x = people_[draw(people_.size())];
  read(x);
  if (!x.here || x.is->at == nullptr || !x.joined || x.leaving)
    return;
  x.leaving = true;
  say_soon(*x.is, R"({"type":"leave","room":"r","id":"leave"})");
}

/// Now and then no envelope arrives for longer than anybody waits.
void rooms_world::pass_time() {
  auto silent = draw(160) == 0;
  if (silent)
    count("silence");
  for (unsigned i = silent ? 0 : letter_pauses; i <= letter_pauses; ++i) {
    scheduler().advance_time(std::chrono::milliseconds{100});
    if (silent)
      run();
  }
}

void rooms_world::go() {
  if (people_.empty())
    return;
  auto& x = people_[draw(people_.size())];
  if (x.is->at != nullptr && std::exchange(x.here, false))
    hang_up_soon(*x.is);
}

/// Whether home and standby have all that was confirmed.
bool rooms_world::is_safe() {
  if (lost_ != nullptr)
    return false;
  auto now = members();
  // One that is alone, since others drain, takes what it confirmed with it.
  if (placement{now}.of(room).standby == nullptr)
    return false;
  auto& home = home_of(room);
  auto& found = state_of<directory_state>(home.core.directory).rooms;
  auto at = found.find(room_name{room});
  if (at == found.end() || ended(at->second.handle))
    return people_.empty();
  auto& state = state_of<room_state>(at->second.handle);
  return state.shared && state.shared->part().leads()
         && state.shared->part().established() == revision;
}

void rooms_world::lose_a_node() {
  if (!is_safe())
    return;
  auto& x = any();
  if (!x.running)
    return;
  if (draw(2) == 0) {
    note("killed", x);
    for (auto& one : people_)
      if (one.is->at == &x)
        read(one);
    kill(x);
  } else {
    note("lease lost", x);
    lost_ = &x;
    leases_lost_ = true;
    if (draw(4) == 0)
      flood();
    out.insert(x.stay);
    x.is_fenced = true;
  }
  publish_view();
}

void rooms_world::bring_back() {
  if (auto& x = any(); !x.running) {
    start(x);
    note("started", x);
    return publish_view();
  }
  if (lost_ == nullptr)
    return;
  note("back", *lost_);
  expel(*lost_);
  lost_->is_fenced = false;
  lost_ = nullptr;
  publish_view();
}

/// Others take over what it has; or it has what it had again.
void rooms_world::drain() {
  auto& x = any();
  if (!x.running || out.contains(x.stay))
    return;
  x.is_draining = !x.is_draining;
  note(x.is_draining ? "drained" : "not drained", x);
  publish_view();
}

/// Its lease is renewed late, or at last.
void rooms_world::hesitate() {
  auto& x = any();
  if (!x.running || &x == lost_)
    return;
  x.is_fenced = !x.is_fenced;
  note(x.is_fenced ? "fenced" : "not fenced", x);
}

void rooms_world::mend() {
  for (auto& x : nodes)
    x.is_fenced = &x == lost_;
  while (lost_ != nullptr)
    bring_back();
  settle(60);
  for (auto& one : people_) {
    read(one);
    if (one.here)
      knock(one);
  }
  settle(60);
  for (auto& one : people_) {
    read(one);
    while (one.here && !one.again.empty())
      chat(one);
  }
  settle(60);
  for (auto& one : people_)
    read(one);
}

} // namespace parlor::explore
