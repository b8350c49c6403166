// SPDX-License-Identifier: MIT
#pragma once

#include "tests/explore/world.hpp"

/// What must hold of a node, whatever order things happened in. Each throws a
/// violation.
namespace parlor::explore {

/// After every step: no limit is exceeded.
void check_limits(const world& x);

/// When nothing is on its way: registry, directory, rooms, lanes and
/// connections agree on who is where; no ghost, no orphan, no empty room that
/// has nothing to keep.
void check_indexes(const world& x);

/// What clients were told: each log has no hole and no double, all agree, and a
/// join's snapshot with what followed is the membership.
void check_logs(const world& x);

/// Every request was answered, once.
void check_answers(const world& x);

/// All of it when nothing is on its way; then everyone goes, time passes, and
/// nothing is left.
void check_end(world& x);

} // namespace parlor::explore
