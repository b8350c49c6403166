// SPDX-License-Identifier: MIT
#pragma once

#include "cluster/address.hpp"
#include "cluster/links/guest_list.hpp"
#include "cluster/links/outbound.hpp"
#include "cluster/links/wire.hpp"
#include "messages/links.hpp"

#include <caf/actor.hpp>
#include <caf/actor_addr.hpp>
#include <caf/actor_config.hpp>
#include <caf/allowed_unsafe_message_type.hpp>
#include <caf/system_messages.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>

namespace parlor::cluster {

// These go to the root from its own process alone, and have no form in which
// another node could send them.

struct hold_links {
  view now;
};

/// A node was reached: this is its root; or it is null, with the reason.
struct reached {
  node_id who;
  caf::actor root;
  std::string why;
};

/// Something waits for this session's peer.
struct look_again {
  uint64_t session = 0;
};

struct taken_up_to {
  uint64_t session = 0;
  uint64_t frame = 0;
};

/// Whether a lost node's address refuses.
struct probed {
  member who;
  bool refuses = false;
};

/// A pause is over.
struct dial_again {};

struct hang_up {};

} // namespace parlor::cluster

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(parlor::cluster::hold_links)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(parlor::cluster::reached)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(parlor::cluster::look_again)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(parlor::cluster::taken_up_to)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(parlor::cluster::probed)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(parlor::cluster::dial_again)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(parlor::cluster::hang_up)

namespace parlor::cluster {

using root_actor = wire_actor::extend<
  // The members of this view are to be linked to.
  caf::reacts_to<hold_links>,
  // What came of dialing a node.
  caf::reacts_to<reached>,
  // A link has something to send.
  caf::reacts_to<look_again>,
  // The owner has dealt with frames of a link.
  caf::reacts_to<taken_up_to>,
  // What came of looking whether a lost node lives.
  caf::reacts_to<probed>,
  // Nodes without a link are to be dialed again.
  caf::reacts_to<dial_again>,
  // Says good-bye to all, and ends.
  caf::reacts_to<hang_up>>;

class root_line;
class remote_link;

/// Members of the view that could not be linked to for some time, with the reason.
using unlinked_members = std::map<node_id, std::string>;

struct root_options {
  node_id self;
  /// Where it runs; null for CAF's scheduler.
  caf::execution_unit* home = nullptr;
  link_listener* listener = nullptr;
  std::shared_ptr<root_line> line;
  /// Ends with a `reached`.
  std::function<void(const node_id& who, const address& at)> dial;
  /// Ends with a `probed`.
  std::function<void(const member& who, const address& at)> probe;
  /// Called where these are others than before; may be left out.
  std::function<void(const unlinked_members&)> unlinked = {};
  /// Called when it has ended, and calls nobody any more.
  std::function<void()> ended;
};

/// Owns the links of this node. It alone speaks to other nodes, and is the only
/// actor that they know. A link goes up when both have said who they are, and
/// ends with its connection, with a `link_bye`, or when one of the two begins a
/// new stay. Of two nodes the one with the higher id dials and opens, so there
/// are never two attempts at once. Runs where the links' broker does,
/// and calls the listener there.
class root final : public root_actor::base {
public:
  using clock = std::chrono::steady_clock;

  root(caf::actor_config& cfg, root_options options);

  const char* name() const override { return "root"; }

  behavior_type make_behavior() override;

  void on_exit() override;

  using root_actor::base::enqueue;

  void enqueue(caf::mailbox_element_ptr what,
               caf::execution_unit* host) override;

  void launch(caf::execution_unit* host, bool lazy, bool hide) override;

  caf::resumable::subtype_t subtype() const override;

private:
  /// With one node; up, or opened and not yet answered.
  struct connection {
    uint64_t session = 0;
    /// The peer's number; 0 until it has answered.
    uint64_t theirs = 0;
    caf::actor peer;
    /// Null until it has answered.
    std::shared_ptr<remote_link> link;
    /// Frames that have come, and that the owner has taken.
    uint64_t received = 0;
    uint64_t taken = 0;
    /// What of that the peer was told.
    uint64_t told = 0;
    /// Of an envelope that comes in pieces: what has come, the first one's
    /// number, and the bytes that follow; 0 where none is on its way.
    std::string pieces;
    uint64_t first_piece = 0;
    uint64_t left = 0;
    clock::time_point since;
  };

  using connections = std::map<node_id, connection>;

  void handle(const hold_links& x);
  void handle(reached& x);
  void handle(const look_again& x);
  void handle(const taken_up_to& x);
  void handle(const probed& x);
  void handle(const dial_again& x);
  void handle(const hang_up& x);
  void handle(link_open& x);
  void handle(link_opened& x);
  void handle(link_frame& x);
  void handle(const link_piece& x);
  void handle(const link_ack& x);
  void handle(const link_bye& x);
  void handle_down(const caf::down_msg& x);

  /// Of a member of the view that there is no link to.
  struct absence {
    clock::time_point since;
    /// What was heard of it last, and what was said of that.
    std::string why;
    std::string said;
  };

  void dial_all();
  void note_absences(clock::time_point now);
  void miss(const node_id& who, std::string_view why);
  void bring_up(const node_id& who, connection& x, incarnation stay,
                uint32_t version);
  void flush(connection& x);
  connections::iterator count(uint64_t session, uint64_t number);
  void take(connection& x, uint64_t frame);

  /// Ends a connection, and says why to the peer where it is to know.
  void end(connections::iterator which, std::string_view why, bool tell);
  void end_all(std::string_view why);

  connections::iterator find(uint64_t session);

  /// By the clock of its actor system.
  clock::time_point time();

  template <class T>
  void tell(const caf::actor& peer, T what);

  caf::execution_unit* const home_;
  root_options options_;
  guest_list guests_;
  connections connections_;
  /// Being dialed.
  std::map<node_id, clock::time_point> dialing_;
  std::map<node_id, absence> absences_;
  uint64_t last_session_;
  bool hung_up_ = false;
};

} // namespace parlor::cluster
