// SPDX-License-Identifier: MIT
#pragma once

#include "actors/lane.hpp"
#include "actors/pinned.hpp"
#include "tests/support/catch.hpp"

#include <caf/scheduler/test_coordinator.hpp>

#include <algorithm>
#include <cstddef>
#include <functional>
#include <random>
#include <string>
#include <vector>

namespace parlor::test {

/// One order of delivery: at each step, which of the actors that had a message
/// took its turn, and how many there were.
struct schedule {
  struct step {
    size_t chosen = 0;
    size_t ready = 0;
  };

  std::vector<step> steps;

  /// The choices of the next schedule; empty where this was the last.
  std::vector<size_t> next() const {
    std::vector<size_t> result;
    for (auto& one : steps)
      result.push_back(one.chosen);
    for (; !result.empty(); result.pop_back())
      if (++result.back() < steps[result.size() - 1].ready)
        break;
    return result;
  }
};

inline std::string to_string(const schedule& x) {
  std::string result;
  for (auto& one : x.steps)
    result += std::to_string(one.chosen) + "/" + std::to_string(one.ready)
              + " ";
  return result;
}

/// Lanes send nothing to other actors, so when they take their turns is seen by
/// none: one order stands for all.
inline bool is_leaf(caf::resumable* job) {
  return dynamic_cast<pinned<lane_state>*>(job) != nullptr;
}

/// Delivers message by message until there are none. `choose` says which of so
/// many ready actors has the next turn.
inline schedule deliver(caf::scheduler::test_coordinator& sched,
                        const std::function<size_t(size_t, size_t)>& choose) {
  schedule result;
  auto& jobs = sched.jobs;
  for (;;) {
    auto busy = std::stable_partition(jobs.begin(), jobs.end(), is_leaf);
    if (busy != jobs.begin()) {
      sched.run_once();
      continue;
    }
    if (jobs.empty())
      return result;
    auto ready = jobs.size();
    auto chosen = ready > 1 ? choose(result.steps.size(), ready) : 0;
    result.steps.push_back({chosen, ready});
    auto at = jobs.begin() + static_cast<ptrdiff_t>(chosen);
    std::rotate(jobs.begin(), at, at + 1);
    sched.run_once();
  }
}

/// Runs a scenario, made anew each time, in every order of delivery; where
/// there are more than `most`, in so many drawn from a fixed seed instead. A
/// scenario begins when all is quiet, with `act`, and is checked when all is
/// quiet again, with `check`. Returns how many orders were run.
template <class Scenario>
size_t in_every_order(size_t most = 1000) {
  auto run = [](auto choose) {
    Scenario scenario;
    scenario.act();
    auto taken = deliver(scenario.scheduler(), choose);
    INFO("schedule " << to_string(taken));
    scenario.check();
    return taken;
  };
  size_t count = 0;
  std::vector<size_t> choices;
  do {
    auto taken = run([&](size_t step, size_t) {
      return step < choices.size() ? choices[step] : 0;
    });
    choices = taken.next();
  } while (++count < most && !choices.empty());
  if (choices.empty())
    return count;
  std::mt19937 random{20250101};
  for (size_t i = 0; i < most; ++i, ++count)
    run([&](size_t, size_t ready) { return random() % ready; });
  return count;
}

} // namespace parlor::test
