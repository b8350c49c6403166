// SPDX-License-Identifier: MIT
#pragma once

#include "actors/pinned.hpp"
#include "messages/dialect.hpp"
#include "messages/handles.hpp"
#include "messages/ids.hpp"
#include "messages/ports.hpp"
#include "messages/report.hpp"
#include "messages/thread_report.hpp"
#include "messages/to_lane.hpp"

#include <array>
#include <span>
#include <vector>

namespace parlor {

/// The members of one room on one I/O thread, as connection ids: it finds their
/// outboxes in the thread's table and skips the ids that are gone. Stays, empty
/// too, until its room ends it, so that a rejoin cannot overtake what was said
/// before. Nothing depends on its end.
struct lane_state {
  using actor_type = lane_actor;
  static constexpr const char* name = "lane";

  lane_state(actor_type::pointer self, outboxes* sockets, uint8_t thread);

  actor_type::behavior_type make_behavior();

  /// Adds a member and sends it its first frames.
  void admit(const admission& x);

  /// Removes a member and sends it its last frame.
  void dismiss(const dismissal& x);

  /// Sends an event to all members but some.
  void deliver(const delivery& x);

  /// Sends a frame to one member.
  void tell(const remark& x);

  /// Sends some connections a frame each.
  void hand_out(const mail& x);

  /// What this lane's thread has counted, and what waits on it.
  thread_report count();

  report inspect(state_query x) const;

  actor_type::pointer self;
  /// The sockets of this lane's thread.
  outboxes* sockets;
  /// Which thread that is.
  uint8_t thread;
  /// The members by the dialect that they speak, in no order; each id once.
  std::array<std::vector<connection_id>, dialects> members;

private:
  void deliver_except(const delivery& x);
  void deliver_fleeting(const delivery& x);
};

} // namespace parlor
