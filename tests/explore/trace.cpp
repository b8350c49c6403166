// SPDX-License-Identifier: MIT
#include "tests/explore/trace.hpp"

#include <algorithm>

namespace parlor::explore {

namespace {

/// Whether a connection's end meets one who begins or ceases to watch it: the
/// only way in which two actors touch without a message.
bool end_is_watched(const effect& end, const effect& other) {
  return end.ended && (other.subject == end.receiver || other.failed);
}

/// Whether the later one could not have come first.
bool must_follow(const effect& later, const effect& earlier) {
  return earlier.what.same_event(later.what)
         || (!earlier.what.is_step && !later.what.is_step
             && earlier.receiver == later.receiver
             && precedes(earlier.what.where, earlier.sent, later.what.where,
                         later.sent));
}

bool contains(const std::vector<action>& all, const action& x) {
  return std::ranges::find(all, x) != all.end();
}

bool contains_event(const std::vector<action>& all, const action& x) {
  return std::ranges::any_of(all, [&](auto& y) { return y.same_event(x); });
}

} // namespace

bool depend(const effect& x, const effect& y) {
  return x.receiver == y.receiver || x.what.same_event(y.what) || x.global
         || y.global || (x.crashed && y.crashed) || end_is_watched(x, y)
         || end_is_watched(y, x);
}

bool trace::is_asleep(const point& x, const action& what) {
  return std::ranges::any_of(x.asleep,
                             [&](auto& one) { return one.what == what; });
}

/// With whether its handler throws as something to be tried, too.
void trace::want(point& x, const action& what) {
  for (auto& one : x.enabled)
    if (one.same_event(what) && !contains(x.wanted, one))
      x.wanted.push_back(one);
}

std::optional<action> trace::arrive(std::vector<action>&& enabled) {
  point next;
  next.enabled = std::move(enabled);
  if (points_.size() >= most_events)
    throw violation{"it does not end"};
  if (reduced_ && !points_.empty())
    for (auto& one : points_.back().asleep)
      if (!depend(one, points_.back().now))
        next.asleep.push_back(one);
  auto first = std::ranges::find_if(
    next.enabled, [&](auto& x) { return !is_asleep(next, x); });
  if (first == next.enabled.end())
    return std::nullopt;
  next.now.what = *first;
  if (reduced_)
    want(next, *first);
  else
    next.wanted = next.enabled;
  points_.push_back(std::move(next));
  return points_.back().now.what;
}

void trace::happened(const effect& x) {
  points_.back().now = x;
  if (reduced_)
    look_for_races(points_.size() - 1);
}

/// A race: two things of which the later one could have come first, since
/// nothing between them led from one to the other.
void trace::look_for_races(size_t last) {
  auto& now = points_[last];
  now.past.reset();
  std::vector<size_t> before;
  for (size_t i = 0; i < last; ++i)
    if (i + 1 == now.now.enabled_by || depend(points_[i].now, now.now)) {
      before.push_back(i);
      now.past |= points_[i].past;
      now.past.set(i);
    }
  for (auto i : before) {
    if (i + 1 == now.now.enabled_by || must_follow(now.now, points_[i].now))
      continue;
    auto between = std::ranges::any_of(
      before, [&](auto j) { return j != i && points_[j].past.test(i); });
    if (!between)
      reverse(i, last);
  }
}

/// Wants, before the earlier one, something that leads to the later one without
/// it.
void trace::reverse(size_t earlier, size_t later) {
  std::vector<size_t> rest;
  for (size_t i = earlier + 1; i <= later; ++i)
    if (i == later || !points_[i].past.test(earlier))
      rest.push_back(i);
  std::vector<action> first;
  for (auto i : rest)
    if (std::ranges::none_of(
          rest, [&](auto j) { return j < i && points_[i].past.test(j); }))
      first.push_back(points_[i].now.what);
  auto& at = points_[earlier];
  if (std::ranges::any_of(
        first, [&](auto& x) { return contains_event(at.wanted, x); }))
    return;
  auto found = std::ranges::find_if(
    first, [&](auto& x) { return contains_event(at.enabled, x); });
  // Should there be none, nothing is left out.
  if (found != first.end())
    want(at, *found);
  else
    at.wanted = at.enabled;
}

bool trace::back() {
  for (; !points_.empty(); points_.pop_back()) {
    auto& last = points_.back();
    last.asleep.push_back(last.now);
    auto next = std::ranges::find_if(
      last.wanted, [&](auto& x) { return !is_asleep(last, x); });
    if (next == last.wanted.end())
      continue;
    last.now = {};
    last.now.what = *next;
    return true;
  }
  return false;
}

size_t trace::index(size_t at) const {
  auto& all = points_[at].enabled;
  return static_cast<size_t>(std::ranges::find(all, chosen(at)) - all.begin());
}

} // namespace parlor::explore
