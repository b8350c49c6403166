// SPDX-License-Identifier: MIT
#pragma once

#include "messages/links.hpp"
#include "messages/placement.hpp"
#include "messages/replication.hpp"
#include "messages/view.hpp"

#include <cstdint>
#include <memory>
#include <string_view>

namespace parlor {

/// What a node knows of its cluster at one revision. Constant, and shared.
struct seating {
  /// This node's stay; none where it is not in.
  incarnation self;
  view now;
  placement where;

  replication::roles roles_of(std::string_view name) const;

  /// The same, its home alone: allocates nothing. None where nobody is in.
  incarnation home_of(std::string_view name) const noexcept;

  /// Whether this stay is one of the members.
  bool has(incarnation stay) const noexcept;
};

using seating_ptr = std::shared_ptr<const seating>;

/// The other nodes, as actors see them. Thread-safe; nothing blocks.
class peers {
public:
  virtual ~peers() = default;

  /// Why this node should be sent no clients now, of which the asker knows `known`:
  /// one sentence without its full stop, empty where it may.
  std::string_view unready(const seating& known);

  /// Queues for a node; false where there is no link to it, it does not take
  /// what waits already, or this node is not in as the stay that speaks any more:
  /// an actor may learn that last, and its words are not those of the next stay.
  virtual bool send(incarnation as, incarnation to, const envelope& what) = 0;

  /// The same, for who relies on the order: false also where the link to it was
  /// lost, and the speaker has not said yet that it knows. What was on its way may
  /// be lost, and the next link is up before an actor has heard of that.
  virtual bool send_in_order(incarnation as, incarnation to,
                             const envelope& what)
    = 0;

  /// The registry has heard that the link to a node was lost, once more.
  virtual void know_lost(incarnation to) = 0;

  /// Whether this node may be taken for dead by the others, or is not in as that
  /// stay any more, so that it must not decide anything as it: the lease of the
  /// next stay says nothing of what was decided since the last one's end.
  virtual bool fenced(incarnation as) const = 0;

  /// Never the same, in any life of this node.
  virtual uint64_t next_opening() = 0;

  /// A room is open here, which is known by an opening: since that view its home
  /// and its standby have all that was confirmed in it; 0 for none yet. A node
  /// that stops waits for that.
  virtual void note_room(uint64_t room, uint64_t revision) = 0;

  /// It has ended here.
  virtual void forget_room(uint64_t room) = 0;

  /// Whether this node, since it is in as its stay of now, has come to know all
  /// the others and has had what its rooms are.
  virtual bool caught_up() = 0;
};

} // namespace parlor
