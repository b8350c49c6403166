// SPDX-License-Identifier: MIT
#include "tests/explore/nodes/nodes_world.hpp"

#include "actors/admin.hpp"
#include "actors/lane.hpp"
#include "actors/registry.hpp"

#include <algorithm>
#include <chrono>

namespace parlor::explore {

namespace {

/// The environment of an actor that has this state; null of any other.
template <class State>
const environment* environment_of(caf::resumable* job) {
  auto* found = dynamic_cast<pinned<State>*>(job);
  if (found == nullptr)
    return nullptr;
  if constexpr (requires { found->state().env; })
    return found->state().env;
  else
    return found->state().options.env;
}

template <class... States>
bool belongs_to(caf::resumable* job, const environment& env) {
  return ((environment_of<States>(job) == &env) || ...);
}

} // namespace

bool nodes_world::is_of(caf::resumable* job, const node& x) {
  if (auto* lane = dynamic_cast<pinned<lane_state>*>(job))
    return lane->state().sockets == &x.sockets;
  return belongs_to<room_state, connection_state, directory_state,
                    registry_state, cluster_state, admin_state>(job, x.env);
}

bool nodes_world::handle_one() {
  auto& jobs = scheduler().jobs;
  if (asleep_ != nullptr) {
    auto next = std::ranges::find_if(
      jobs, [this](auto* job) { return !is_of(job, *asleep_); });
    if (next == jobs.end())
      return false;
    auto* job = *next;
    jobs.erase(next);
    jobs.push_front(job);
  }
  return scheduler().try_run_once();
}

void nodes_world::run() {
  while (handle_one()) {}
}

void nodes_world::deliver_all() {
  constexpr size_t most = 100'000;
  for (size_t i = 0; i < most; ++i) {
    run();
    if (!deliver())
      return;
  }
  throw violation{"the nodes send each other envelopes without end"};
}

void nodes_world::settle(int beats) {
  deliver_all();
  for (int i = 0; i < beats; ++i) {
    scheduler().advance_time(std::chrono::milliseconds{100});
    deliver_all();
  }
  for (auto& one : clients)
    listen(one);
}

} // namespace parlor::explore
