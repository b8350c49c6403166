// SPDX-License-Identifier: MIT
#pragma once

#include "tests/explore/trace.hpp"
#include "tests/explore/world.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace parlor::explore {

/// Which of the actions that were possible was taken, wherever there were
/// several; the first one behind its end.
using schedule = std::vector<size_t>;

/// "0,2,1"; "-" where the first one was always taken.
std::string to_string(const schedule& x);

/// Throws `std::invalid_argument`.
schedule to_schedule(const std::string& text);

/// What went wrong, and the way there.
struct failure {
  std::string what;
  schedule way;
  /// Each step of it, for people.
  std::vector<std::string> told;
};

/// What exploring a scenario has come to.
struct finding {
  /// How many schedules were run to their end.
  size_t schedules = 0;
  /// How many were left, since all that could follow was seen before.
  size_t cut = 0;
  /// Whether those were all that differ.
  bool whole = false;
  std::optional<failure> bug;
};

/// Runs a scenario again and again, each time in another order. What happens
/// at different actors has no order, so only orders are tried that differ at
/// some actor: source sets and sleep sets (Abdulla and others, "Optimal dynamic
/// partial order reduction", POPL 2014).
class explorer {
public:
  /// Says whether a run's end is right, by throwing a violation.
  using verdict = std::function<void(world&)>;

  explicit explorer(verdict judge) : judge_{std::move(judge)} {}

  /// Tries every order, at most so many; stops at the first that is wrong.
  finding explore(const scenario& what, size_t most);

  /// The same without any reduction: every order of all events.
  finding explore_all(const scenario& what, size_t most);

  /// Draws one order.
  finding draw(const scenario& what, uint64_t seed);

  /// Runs one order again, telling each step.
  finding replay(const scenario& what, const schedule& way);

  /// A shorter way to something that is wrong, too, in at most so many tries.
  schedule shrink(const scenario& what, schedule way, size_t most);

private:
  using choice = std::function<size_t(const std::vector<action>&)>;

  finding run_once(const scenario& what, const choice& choose, bool tell);
  finding search(const scenario& what, size_t most, bool reduced);
  std::optional<failure> walk(const scenario& what, trace& all, bool& cut);

  world world_;
  verdict judge_;
};

} // namespace parlor::explore
