// SPDX-License-Identifier: MIT
#pragma once

#include "messages/view.hpp"

#include <cstdint>
#include <mutex>
#include <unordered_map>

namespace parlor {

/// Since which view the home and the standby of each room of this node have all
/// that was confirmed in it: before that, what is here may be one of two copies.
/// Thread-safe; nothing blocks.
class custody {
public:
  /// The next view, and which of its members this node is; null where it is in
  /// no more.
  void sit(const view& now, const member* self);

  /// The views of a room only grow; 0 for none yet.
  void note(uint64_t room, uint64_t revision);

  /// It has ended here.
  void forget(uint64_t room);

  /// Whether they have all of every room, since this node came in. That holds
  /// until its stay ends, once it was so with `reaches_all`: whoever else has a
  /// room can say so.
  bool caught_up(bool reaches_all);

  /// Whether they have all of every room in the view of now, in which this node
  /// drains: home and standby of an earlier one may be lost by now, and what is
  /// here the only copy again. A node that is not in has to have no room.
  bool handed_over() const;

private:
  bool all_since(uint64_t revision) const;

  mutable std::mutex mutex_;
  std::unordered_map<uint64_t, uint64_t> rooms_;
  /// The first view of the stay of now; 0 for none.
  uint64_t entered_in_ = 0;
  /// The first view of the stay in which it has caught up last.
  uint64_t caught_up_in_ = 0;
  /// The view of now, if this node drains in it; 0 if not.
  uint64_t drains_in_ = 0;
};

} // namespace parlor
