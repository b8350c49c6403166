// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <mutex>
#include <unordered_map>

namespace parlor {

/// Since which view the home and the standby of each room of this node have all
/// that was confirmed in it: before that, what is here may be one of two copies.
/// Thread-safe; nothing blocks.
class custody {
public:
  /// The views of a room only grow; 0 for none yet.
  void note(uint64_t room, uint64_t revision);

  /// It has ended here.
  void forget(uint64_t room);

  /// Whether they do of every room, in that view or a later one.
  bool all_since(uint64_t revision) const;

private:
  mutable std::mutex mutex_;
  std::unordered_map<uint64_t, uint64_t> rooms_;
};

} // namespace parlor
