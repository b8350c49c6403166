// SPDX-License-Identifier: MIT
#pragma once

#include "tests/explore/world.hpp"

#include <bitset>
#include <cstddef>
#include <optional>
#include <vector>

namespace parlor::explore {

/// Whether the order of two things that happened matters.
bool depend(const effect& x, const effect& y);

/// The run that is under way as a sequence of things that happened, and what
/// is still to be tried at each point of it. A value without actors.
class trace {
public:
  static constexpr size_t most_events = 512;

  explicit trace(bool reduced) : reduced_{reduced} {}

  size_t size() const { return points_.size(); }

  /// What was chosen at this point.
  const action& chosen(size_t at) const { return points_[at].now.what; }

  /// A new point, where this is possible: what to do. None where all of it was
  /// tried before.
  std::optional<action> arrive(std::vector<action>&& enabled);

  /// What was chosen last has happened: what could have happened before it is
  /// to be tried there.
  void happened(const effect& x);

  /// Goes back to the last point where something is to be tried, and chooses
  /// it; false where there is none.
  bool back();

  /// How many things were possible at this point, and which of them was chosen.
  size_t index(size_t at) const;
  size_t width(size_t at) const { return points_[at].enabled.size(); }

private:
  using events = std::bitset<most_events>;

  struct point {
    std::vector<action> enabled;
    /// To be tried, with those that were.
    std::vector<action> wanted;
    /// Those that need not be tried: all that follows was seen elsewhere.
    std::vector<effect> asleep;
    /// What was chosen and happened.
    effect now;
    /// What happened before it and has to.
    events past;
  };

  static bool is_asleep(const point& x, const action& what);
  void want(point& x, const action& what);
  void look_for_races(size_t last);
  void reverse(size_t earlier, size_t later);

  bool reduced_;
  std::vector<point> points_;
};

} // namespace parlor::explore
