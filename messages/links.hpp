// SPDX-License-Identifier: MIT
#pragma once

#include "messages/view.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace parlor {

/// What one node says to another: bytes whose meaning goes with their version.
/// Immutable, and shared by all the links that it is sent over.
struct envelope {
  uint32_t version = 1;
  /// Never null in what a link delivers.
  std::shared_ptr<const std::string> body;
};

/// One life of the connection to another node: what is sent arrives in order
/// and without a hole until it ends, and what comes after that is another one.
/// Thread-safe.
class link {
public:
  virtual ~link() = default;

  virtual const node_id& peer() const noexcept = 0;

  /// As the peer said; 0 where rosters have none.
  virtual incarnation stay() const noexcept = 0;

  /// The newest version of envelopes that both sides understand.
  virtual uint32_t version() const noexcept = 0;

  /// Queues for the peer. False where the link has ended, or the peer does not
  /// take what is queued already: nothing is kept then. Returns at once.
  virtual bool send(envelope what) = 0;

  /// All frames up to this number have been dealt with: the peer may send more.
  virtual void taken(uint64_t frame) = 0;
};

using link_ptr = std::shared_ptr<link>;

/// What links tell. Calls come one at a time from a thread of theirs and must
/// not block.
class link_listener {
public:
  virtual ~link_listener() = default;

  /// The other node is there.
  virtual void on_up(const link_ptr& with) = 0;

  /// What it said, in frames that count from 1; `taken` is owed for each, or the
  /// peer has to wait. Nothing comes of a link after its on_down.
  virtual void on_frame(const link_ptr& from, uint64_t number,
                        std::vector<envelope> content)
    = 0;

  /// The link has ended; what was sent and not answered may have been lost.
  virtual void on_down(const link_ptr& with, std::string_view why) = 0;

  /// A link was lost and nobody listens at the node's address: its process has
  /// certainly ended, and `roster::evict` may be told.
  virtual void on_dead(const member& who) = 0;
};

/// The links of this node to all others, one for each. Destroyed, it ends them;
/// the listener outlives it. Thread-safe.
class links {
public:
  virtual ~links() = default;

  /// Links are to be held to all members of this view, from now on, as the
  /// incarnation that this node has in it. One to a node that is not in any more
  /// ends; one to a node that is newer than the view stays. A view without this
  /// node ends all.
  virtual void hold(const view& now) = 0;
};

} // namespace parlor
