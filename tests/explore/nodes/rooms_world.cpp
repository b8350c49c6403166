// SPDX-License-Identifier: MIT
#include "tests/explore/nodes/rooms_world.hpp"

#include "messages/limits.hpp"

#include <algorithm>
#include <chrono>
#include <iterator>
#include <utility>

// Who comes, and what they do.
namespace parlor::explore {

namespace {

/// Most have three nodes.
size_t nodes_of(uint64_t seed) {
  constexpr size_t all[] = {3, 3, 2, 3, 4, 3, 3, 3};
  return all[seed % std::size(all)];
}

} // namespace

rooms_world::rooms_world(uint64_t seed) : nodes_world{seed, nodes_of(seed)} {
  most_listed_ = draw(3) == 0 ? 1u : 100u;
  if (draw(4) == 0)
    most_members_ = 4;
  if (draw(2) == 0)
    most_announced_ = draw(2) == 0 ? 2u : 1000u;
  for (auto& x : nodes) {
    x.env.limits.members_per_room = most_members_;
    x.env.limits.members_announced = most_announced_ ? *most_announced_
                                     : draw(4) == 0  ? 2u
                                                     : 1000u;
    x.env.limits.members_listed = most_listed_;
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
  watch();
  auto dice = draw(100);
  if (dice < 6)
    arrive_somewhere();
  else if (dice < 20)
    speak();
  else if (dice < 26)
    show_something();
  else if (dice < 29)
    go();
  else if (dice < 33)
    fail();
  else if (dice < 35)
    bring_back();
  else if (dice < 39)
    pass_time();
  else if (dice < 41)
    leave_room();
  else if (dice < 44)
    deliver_all();
  else if (dice < 66)
    deliver(draw(100));
  else if (draw(4) == 0)
    run();
  else
    handle_one();
}

void rooms_world::fail() {
  auto dice = draw(48);
  if (dice < 12)
    lose_a_node();
  else if (dice < 20)
    blink();
  else if (dice < 24)
    lose_one_way();
  else if (dice < 28)
    hear_of_loss();
  else if (dice < 33)
    drain();
  else if (dice < 36)
    hesitate();
  else if (dice < 39)
    stop_or_go_on();
  else if (dice < 45)
    restart_next();
  else if (dice < 46)
    show_view();
  else if (dice < 47)
    lose_all_leases();
  else
    flood();
}

// -- coming and going --------------------------------------------------------------

void rooms_world::arrive_somewhere() {
  auto& x = any();
  if (!x.running || people_.size() >= 12)
    return;
  auto& made = people_.emplace_back();
  made.name = some_name();
  made.asks_presence = draw(2) == 0;
  // It may be out and not know it.
  made.node_was_out = !is_in(x);
  made.is = &connect_soon(x, made.name.c_str());
}

person* rooms_world::anyone() {
  if (people_.empty())
    return nullptr;
  auto& x = people_[draw(people_.size())];
  read(x);
  return x.here && x.is->at != nullptr && !x.leaving ? &x : nullptr;
}

std::string rooms_world::some_name() {
  return "u" + std::to_string(draw(5));
}

/// Nobody is heard before being let in.
void rooms_world::knock(person& x) {
  if (x.is->at == nullptr || x.asked_in
      || !x.is->at->sockets.admitted.contains(x.is->id))
    return;
  x.asked_in = true;
  x.asked_before = x.asked;
  say_soon(*x.is, std::string{R"({"type":"join","room":"r","id":"join")"}
                    + (x.asks_presence ? R"(,"presence":true})" : "}"));
}

void rooms_world::leave_room() {
  auto* x = anyone();
  if (x == nullptr || !x->joined)
    return;
  x->leaving = true;
  say_soon(*x->is, R"({"type":"leave","room":"r","id":"leave"})");
}

void rooms_world::go() {
  if (people_.empty())
    return;
  auto& x = people_[draw(people_.size())];
  if (x.is->at != nullptr && std::exchange(x.here, false))
    hang_up_soon(*x.is);
}

// -- talking -----------------------------------------------------------------------

void rooms_world::speak() {
  auto* x = anyone();
  if (x == nullptr)
    return;
  if (x->asked_in)
    chat(*x);
  else
    knock(*x);
}

/// A message without a key shows a command that gets two positions: with a key the
/// home would publish it once all the same.
bool rooms_world::has_key(const std::string& content) {
  return std::stoul(content) % 4 != 0;
}

/// What was not confirmed is said again, or something new.
void rooms_world::chat(person& x, size_t filling) {
  if (x.again.empty())
    x.again.push_back(std::to_string(++contents_));
  auto content = x.again.back();
  x.again.pop_back();
  x.open[++x.asked] = content;
  auto what = filling == 0
                ? content
                : "[" + content + ",\"" + std::string(filling, 'x') + "\"]";
  auto key = has_key(content) ? R"(,"key":")" + content + '"' : "";
  say_soon(*x.is,
           chat_of(room, what, key + R"(,"id":)" + std::to_string(x.asked)));
}

void rooms_world::show_something() {
  auto* x = anyone();
  if (x == nullptr || !x->joined)
    return;
  // Now and then the same once more.
  auto data = std::to_string(draw(50));
  auto id = std::to_string(++x->asked);
  x->showing[x->asked] = data;
  say_soon(*x->is, R"({"type":"presence","room":"r","data":)" + data
                     + R"(,"id":)" + id + "}");
}

/// More is said than is kept for nodes that do not hear it.
void rooms_world::flood() {
  constexpr size_t bytes = 200'000;
  constexpr size_t more_than_kept = 7;
  auto* x = anyone();
  if (x == nullptr || !x->joined)
    return;
  count("flood");
  for (size_t i = 0; i < more_than_kept; ++i)
    chat(*x, bytes);
}

/// Now and then no envelope arrives for longer than anybody waits.
void rooms_world::pass_time() {
  auto silent = draw(160) == 0;
  if (silent)
    count("silence");
  auto pause = std::chrono::milliseconds{100};
  auto pauses = silent ? letter_pauses : draw(4) == 0 ? 10u : 1u;
  for (unsigned i = 0; i < pauses; ++i) {
    scheduler().advance_time(pause);
    if (silent)
      run();
  }
  empty_for_ += pauses * pause;
  if (std::ranges::any_of(people_, [](auto& x) { return x.here; }))
    empty_for_ = {};
  // What was said may have expired, which is at no moment that is told.
  if (empty_for_ > key_ttl / 2)
    for (auto& x : people_)
      x.said.clear();
}

// -- at rest -----------------------------------------------------------------------

void rooms_world::read(person& x) {
  listen(*x.is);
  for (; x.read < x.is->heard.size(); ++x.read)
    if (auto what = x.hear(x.is->heard[x.read]); !what.empty())
      count(what);
  std::erase_if(x.again, [](auto& content) { return !has_key(content); });
  // Some are sent away, or hang up by themselves.
  if (x.is->at != nullptr
      && (x.is->at->sockets.closed.contains(x.is->id) || ended(x.is->handle)))
    x.here = false;
}

void rooms_world::read_all() {
  for (auto& one : people_)
    read(one);
}

/// Who is there comes in; what was not confirmed is said again.
void rooms_world::mend() {
  mend_nodes();
  for (auto rounds = 0; rounds < 3; ++rounds) {
    settle(60);
    read_all();
    for (auto& one : people_)
      if (one.here)
        knock(one);
  }
  settle(60);
  read_all();
  for (auto& one : people_)
    while (one.here && one.is->at != nullptr && one.joined
           && !one.again.empty())
      chat(one);
  settle(60);
  for (auto& one : people_)
    if (is_there(one))
      say_soon(*one.is, R"({"type":"members","room":"r","id":"members"})");
  settle();
  read_all();
}

} // namespace parlor::explore
