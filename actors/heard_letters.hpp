// SPDX-License-Identifier: MIT
#pragma once

#include "messages/peers.hpp"
#include "messages/user_notes.hpp"

#include <cstdint>
#include <deque>
#include <map>
#include <set>

namespace parlor {

/// Which messages to users have been heard on this node, so that one that is
/// sent again by another way, since its home was lost, is heard once. The node
/// that a message comes from numbers it, and says which of its numbers are still
/// open: only these can come again. A pure value.
class heard_letters {
public:
  /// Notes a message; false where it was noted before.
  bool note(incarnation origin, const registration::message& x);

  /// Forgets nodes that are gone for good, a change later: what they said last
  /// may still come by way of others.
  void sit(const seating& now);

  /// How many are remembered.
  size_t size() const noexcept;

private:
  struct memory {
    /// Those that may be sent again.
    std::set<uint64_t> open;
    /// Those that were: the first one may still be on its way, however late.
    std::set<uint64_t> repeated;
    std::deque<uint64_t> oldest_repeated;
  };

  std::map<incarnation, memory> origins_;
  std::set<incarnation> gone_;
};

} // namespace parlor
