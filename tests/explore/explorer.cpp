// SPDX-License-Identifier: MIT
#include "tests/explore/explorer.hpp"

#include "tests/explore/checks.hpp"

#include <algorithm>
#include <exception>
#include <random>
#include <sstream>
#include <utility>

namespace parlor::explore {

std::string to_string(const schedule& x) {
  std::string result;
  for (auto one : x)
    result += (result.empty() ? "" : ",") + std::to_string(one);
  return result.empty() ? "-" : result;
}

schedule to_schedule(const std::string& text) {
  schedule result;
  std::istringstream from{text};
  if (text != "-")
    for (std::string one; std::getline(from, one, ',');)
      result.push_back(std::stoul(one));
  return result;
}

namespace {

schedule without_end(schedule x) {
  while (!x.empty() && x.back() == 0)
    x.pop_back();
  return x;
}

schedule way_of(const trace& x) {
  schedule result;
  for (size_t i = 0; i < x.size(); ++i)
    if (x.width(i) > 1)
      result.push_back(x.index(i));
  return without_end(std::move(result));
}

} // namespace

// -- one run -------------------------------------------------------------------

/// Stops where a handler should throw and cannot.
finding explorer::run_once(const scenario& what, const choice& choose,
                           bool tell) {
  finding result;
  failure seen;
  try {
    world_.begin(what);
    for (auto all = world_.enabled(); !all.empty(); all = world_.enabled()) {
      size_t chosen = 0;
      if (all.size() > 1) {
        chosen = choose(all);
        seen.way.push_back(chosen);
      }
      if (tell)
        seen.told.push_back(world_.describe(all[chosen]));
      world_.perform(all[chosen]);
      check_limits(world_);
    }
    ++result.schedules;
    judge_(world_);
  } catch (const std::exception& x) {
    seen.what = x.what();
    seen.way = without_end(std::move(seen.way));
    result.bug = std::move(seen);
  }
  return result;
}

finding explorer::draw(const scenario& what, uint64_t seed) {
  std::mt19937_64 random{seed};
  return run_once(
    what, [&](auto& all) { return random() % all.size(); }, false);
}

finding explorer::replay(const scenario& what, const schedule& way) {
  size_t next = 0;
  return run_once(
    what,
    [&](auto& all) {
      return next < way.size() ? std::min(way[next++], all.size() - 1) : 0;
    },
    true);
}

/// The less is chosen, the more happens in the order in which it came.
schedule explorer::shrink(const scenario& what, schedule way, size_t most) {
  auto still_wrong = [&](const schedule& x) {
    return most-- > 0 && replay(what, x).bug;
  };
  for (size_t size = 0; size < way.size() && most > 0; ++size)
    if (schedule begin{way.begin(), way.begin() + ptrdiff_t(size)};
        still_wrong(begin))
      way = begin;
  for (auto i = way.size(); i-- > 0 && most > 0;)
    if (auto less = way; std::exchange(less[i], 0) > 0 && still_wrong(less))
      way = less;
  return without_end(std::move(way));
}

// -- all runs ------------------------------------------------------------------

/// One run, as far as it is not known.
std::optional<failure> explorer::walk(const scenario& what, trace& all,
                                      bool& cut) {
  try {
    world_.begin(what);
    // The last choice of it is new.
    for (size_t i = 0; i + 1 < all.size(); ++i)
      world_.perform(all.chosen(i));
    auto next = all.size() == 0 ? std::nullopt
                                : std::optional{all.chosen(all.size() - 1)};
    for (;;) {
      if (next) {
        auto done = world_.perform(*next);
        cut = next->crash && !done.crashed;
        if (cut)
          return std::nullopt;
        all.happened(done);
        check_limits(world_);
      }
      auto enabled = world_.enabled();
      if (enabled.empty())
        break;
      next = all.arrive(std::move(enabled));
      cut = !next;
      if (cut)
        return std::nullopt;
    }
    judge_(world_);
    return std::nullopt;
  } catch (const std::exception& x) {
    return failure{x.what(), way_of(all), {}};
  }
}

finding explorer::search(const scenario& what, size_t most, bool reduced) {
  finding result;
  trace all{reduced};
  do {
    bool cut = false;
    result.bug = walk(what, all, cut);
    ++(cut ? result.cut : result.schedules);
  } while (!result.bug && all.back() && result.schedules + result.cut < most);
  result.whole = !result.bug && all.size() == 0;
  return result;
}

finding explorer::explore(const scenario& what, size_t most) {
  return search(what, most, true);
}

finding explorer::explore_all(const scenario& what, size_t most) {
  return search(what, most, false);
}

} // namespace parlor::explore
