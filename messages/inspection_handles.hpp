// SPDX-License-Identifier: MIT
#pragma once

#include "messages/handles.hpp"
#include "messages/inspection.hpp"

#include <caf/replies_to.hpp>
#include <caf/typed_actor.hpp>

/// The inspector's actors, and every message that they understand. They are in
/// inspection/, which is linked into debug builds alone. A viewer, who looks at
/// them over a WebSocket, is a `connection_actor` of another kind.
namespace parlor {

/// Knows what the actors of one thread have done. One for each I/O thread, and
/// one for CAF's own scheduler.
using watch_actor = inspectable::extend<
  // A page of the thread's actors.
  caf::replies_to<actors_query>::with<actors_page>,
  // One of them.
  caf::replies_to<actor_query>::with<actor_trace>,
  // Handles of some of them.
  caf::replies_to<handles_query>::with<handle_list>,
  // All of them, summed up.
  caf::replies_to<picture_query>::with<thread_picture>>;

/// Answers /debug, and viewers, by asking the watches and the actors.
using inspector_actor = inspectable::extend<
  // One HTTP request, with where its answer goes.
  caf::reacts_to<debug_request>,
  // What a viewer has in view.
  caf::replies_to<view_query>::with<view_update>>;

} // namespace parlor
