// SPDX-License-Identifier: MIT
#pragma once

#include <caf/actor_control_block.hpp>
#include <caf/mailbox_element.hpp>
#include <caf/scheduled_actor.hpp>

#include <string_view>

namespace parlor {

/// Sees every message of every actor that one thread runs. A release has none:
/// what starts one is the inspector, which is linked into debug builds alone
/// (0020). Not thread-safe: each thread has its own, and calls it alone.
class observer {
public:
  virtual ~observer() = default;

  /// An actor begins. `title` says which one of its kind it is, or is empty.
  virtual void on_begin(caf::scheduled_actor& who, std::string_view title) = 0;

  /// It is about to handle this message; whom it does not know has begun before
  /// the observer did.
  virtual void before(caf::scheduled_actor& who, std::string_view title,
                      const caf::mailbox_element& what)
    = 0;

  /// It has handled it, or thrown.
  virtual void after() noexcept = 0;

  /// An actor has ended, not always one that this thread ran.
  virtual void on_end(caf::actor_id who) noexcept = 0;

  /// The calling thread's; null where nobody looks. Whoever sets it takes it
  /// away again on the same thread.
  static constinit inline thread_local observer* here = nullptr;
};

} // namespace parlor
