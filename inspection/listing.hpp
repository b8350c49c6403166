// SPDX-License-Identifier: MIT
#pragma once

#include "messages/inspection.hpp"

#include <string_view>
#include <vector>

/// Which actors a page shows, and in which order. Pure.
namespace parlor::inspection {

/// Whether an actor is one that was asked for, on whatever page.
bool fits(const actors_query& query, const actor_summary& x);

/// Whether one comes before another; no two are in the same place.
bool precedes(actors_order order, const actor_summary& x,
              const actor_summary& y);

/// The page that these actors, all that fit, begin with. `actors` are in no
/// order and need not be on it: those at `after` and before are left out.
actors_page page_of(const actors_query& query,
                    std::vector<actor_summary> actors);

/// The page of all threads, of the same page of each.
actors_page merged(const actors_query& query, std::vector<actors_page> pages);

} // namespace parlor::inspection
