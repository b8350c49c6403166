// SPDX-License-Identifier: MIT
#pragma once

#include "messages/lease_clock.hpp"
#include "messages/view.hpp"

namespace parlor {

/// What a roster tells. Calls come one at a time from a thread of the roster's
/// and must not block; after on_expelled nothing from before holds.
class roster_listener {
public:
  using time_point = lease_clock::time_point;

  virtual ~roster_listener() = default;

  /// This node is in, and these are all that are in: the first view of its
  /// stay, or the next one of the sequence that all nodes see.
  virtual void on_view(const view& now) = 0;

  /// Until then no other node takes this one for dead: a home may sequence.
  /// Comes before the first view, and with each renewal.
  virtual void on_lease(time_point until) = 0;

  /// The lease may have run out; on_lease says if it is renewed after all.
  virtual void on_fenced() = 0;

  /// This node is in no more. Its incarnation is over: no home and no relay of
  /// it holds. on_view tells of the next one.
  virtual void on_expelled() = 0;
};

/// Decides who is in a cluster: the port to none, a fixed list, or etcd.
/// Destroyed, it takes this node out in good order, which may take a second;
/// the listener outlives it. Thread-safe.
class roster {
public:
  using time_point = roster_listener::time_point;

  virtual ~roster() = default;

  /// Lets the others know; on_view shows when they do.
  virtual void set_state(member_state mine) = 0;

  /// Takes out a member whose process seems to have ended, unless it objects;
  /// nothing where it is another incarnation by now. A member that is only
  /// silent has to be waited for.
  virtual void evict(const member& suspect) = 0;

  /// What on_lease said last; in the past where this node is not in. To be asked
  /// at the moment that counts, since a process that was stopped for a while
  /// does not hear of it in time.
  virtual time_point lease() const noexcept = 0;
};

} // namespace parlor
