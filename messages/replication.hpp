// SPDX-License-Identifier: MIT
#pragma once

#include "messages/recovery.hpp"
#include "messages/view.hpp"

#include <compare>
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

/// What the replicas of one room, one on each node of a cluster, tell each
/// other. Between two of them letters arrive in order, or the link is lost.
namespace parlor::replication {

/// Who does what for a room in one view of the cluster.
struct roles {
  /// The view's: later ones are higher.
  uint64_t revision = 0;
  incarnation home;
  /// Nobody where the home is alone.
  incarnation standby;
  std::vector<incarnation> members;
};

/// One life of a room on one node: numbers its commands 1, 2, 3…
struct producer {
  incarnation node;
  uint64_t opening = 0;

  friend auto operator<=>(const producer&, const producer&) = default;
};

/// Something to be sequenced. The body is the room's business.
struct command {
  producer from;
  uint64_t number = 0;
  std::string body;
};

/// A command at its place.
struct entry {
  place at;
  command what;
};

/// The last command of a producer that a log has sequenced.
struct progress {
  producer from;
  uint64_t number = 0;
};

/// What somebody's log holds: (epoch, last number) of each home's part, oldest
/// first, and what lies before it all.
struct digest {
  std::vector<place> runs;
  /// The place directly before the oldest entry that is kept.
  place before;
};

// -- before a room opens ------------------------------------------------------

/// The home of this view wants to know everyone's log.
struct ask {
  uint64_t revision = 0;
};

/// In this view and all later ones the sender hears no earlier home.
struct promise {
  uint64_t revision = 0;
  /// The sender's promises are counted: only the answer to its last one is true
  /// of the log that it has.
  uint64_t number = 0;
  /// A view whose home and standby have all that was confirmed before it, as
  /// far as the sender knows; 0 for none.
  uint64_t established = 0;
  /// False where the node has nothing to do with the room: it gets no entries.
  bool takes_part = true;
  digest holds;
};

/// The home wants what this log has behind a place.
struct fetch {
  uint64_t revision = 0;
  place after;
};

/// The answer to it; all that the log has where it does not have that place.
struct part {
  uint64_t revision = 0;
  place before;
  /// Up to that place.
  std::vector<progress> sequenced;
  std::vector<entry> entries;
  /// What all entries, those that are forgotten too, have made of the room:
  /// where the receiver begins anew. The room's business.
  std::string state;
};

// -- while it is open ---------------------------------------------------------

/// The answer to a promise: the logs agree up to a place, and entries follow.
struct resume {
  /// Of the promise.
  uint64_t number = 0;
  parlor::epoch epoch;
  /// What lies above is void. A log that does not have it begins anew there.
  place agreed;
  /// Up to that place.
  std::vector<progress> sequenced;
  /// As in `part`, with the entries that follow up to this number.
  std::string state;
  uint64_t upto = 0;
};

/// Commands of the sender, each once, in order.
struct proposal {
  parlor::epoch epoch;
  /// The producer's lowest that is not confirmed yet.
  uint64_t first = 0;
  command what;
};

/// The home has not all that came before: promise again.
struct stale {
  parlor::epoch epoch;
};

/// What the home has sequenced.
struct decision {
  parlor::epoch epoch;
  entry what;
};

/// The standby has everything up to here.
struct ack {
  parlor::epoch epoch;
  uint64_t seq = 0;
};

/// Up to where the home has sequenced, and up to where that will stay.
struct mark {
  parlor::epoch epoch;
  uint64_t seq = 0;
  uint64_t confirmed = 0;
  /// As in `promise`.
  uint64_t established = 0;
};

using letter = std::variant<ask, promise, fetch, part, resume, proposal, stale,
                            decision, ack, mark>;

/// Whether a home says it to others, or means to become one.
inline bool is_of_home(const letter& x) {
  return std::holds_alternative<ask>(x) || std::holds_alternative<fetch>(x)
         || std::holds_alternative<resume>(x)
         || std::holds_alternative<decision>(x)
         || std::holds_alternative<mark>(x);
}

} // namespace parlor::replication
