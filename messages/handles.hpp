// SPDX-License-Identifier: MIT
#pragma once

#include "messages/fwd.hpp"

#include <caf/replies_to.hpp>
#include <caf/typed_actor.hpp>

/// Every actor of Parlor and every message that it understands: read this file
/// first. The structs are in messages/to_<receiver>.hpp. The inspector's own
/// actors, which debug builds alone have, are in messages/inspection_handles.hpp.
namespace parlor {

/// Every actor answers with its state as a report.
using inspectable
  = caf::typed_actor<caf::replies_to<state_query>::with<report>>;

/// One client. Lives on its socket's thread; ends when the socket does, when it
/// is dismissed, or when its handler fails.
using connection_actor = inspectable::extend<
  // A text frame has arrived from the client.
  caf::reacts_to<client_frame>,
  // The socket is gone, this way.
  caf::reacts_to<socket_closed>,
  // The registry let it in; these rooms have members.
  caf::reacts_to<admitted>,
  // Turned away, kicked, replaced or sent home: close with this code.
  caf::reacts_to<dismissed>,
  // A room took it in: publish and leave may go straight to this handle.
  caf::reacts_to<joined>,
  // A room or the directory did not.
  caf::reacts_to<not_joined>,
  // A room that it is in has failed: it is in it no more.
  caf::reacts_to<room_failed>,
  // The time that it waited for has come: for its token to expire, say.
  caf::reacts_to<atom::alarm>,
  // Describes itself for admin.
  caf::replies_to<atom::describe>::with<connection_report>>;

/// One room: its members, the order of what is said in it, and the last of that.
/// Ends when it is empty and has nothing to keep, or its place is needed, or a
/// handler failed, and the directory has forgotten it.
using room_actor = inspectable::extend<
  // Takes in a connection; answered through its lane, and with `joined`.
  caf::reacts_to<join>,
  // Lets a connection go; answered through its lane.
  caf::reacts_to<leave>,
  // Sequences a member's message and delivers it to all.
  caf::reacts_to<publish>,
  // Tells a member who is here, through its lane.
  caf::reacts_to<members_query>,
  // Passes on what a member tells the others in passing: not sequenced.
  caf::reacts_to<signal_message>,
  // Tells a member what was said here, through its lane.
  caf::reacts_to<history_query>,
  // Notes a member's presence data and tells it everyone's.
  caf::reacts_to<presence_update>,
  // Sequences and delivers a message of the HTTP API.
  caf::replies_to<post>::with<post_receipt>,
  // The directory has forgotten this room, which ends.
  caf::reacts_to<atom::retired>,
  // A second is over: tells a very large room how many it has.
  caf::reacts_to<atom::tick>,
  // Tells the members what has changed of their presence.
  caf::reacts_to<atom::diff>,
  // Lets those go who vanished and did not come back in time.
  caf::reacts_to<atom::grace>,
  // Forgets what is too old.
  caf::reacts_to<atom::expire>,
  // What another node's room says to this one.
  caf::reacts_to<peer_letter>,
  // The cluster is another one: the room may have another part in it.
  caf::reacts_to<view_change>,
  // What was on its way from or to another node may be lost.
  caf::reacts_to<peer_down>,
  // Says again what may be lost.
  caf::reacts_to<atom::beat>,
  // Describes itself for admin.
  caf::replies_to<atom::describe>::with<room_report>>;

/// The members of one room whose sockets live on one I/O thread. All that the
/// room says to them passes here, in order. Its room ends it.
using lane_actor = inspectable::extend<
  // Adds a member and sends it its first frames.
  caf::reacts_to<admission>,
  // Removes a member and sends it its last frame.
  caf::reacts_to<dismissal>,
  // Sends an event to all members.
  caf::reacts_to<delivery>,
  // Sends a frame to one member.
  caf::reacts_to<remark>,
  // Sends frames to connections of this thread, members or not.
  caf::reacts_to<mail>,
  // Sends an event to all connections of this thread, members or not.
  caf::reacts_to<announcement>,
  // Answers, to show that its thread turns.
  caf::replies_to<atom::probe>::with<bool>,
  // What its thread has counted, and what waits on it.
  caf::replies_to<atom::stats>::with<thread_report>>;

/// Knows every connection of this node by id and by user, and those of all nodes
/// for the users whose home is here; holds the limits on both.
using registry_actor = inspectable::extend<
  // A connection waits for its client to say who it is: `dismissed` if full.
  caf::reacts_to<stranger>,
  // A connection asks to be let in: `admitted` or `dismissed`.
  caf::reacts_to<entrance>,
  // A client's private message, to every connection of a user.
  caf::reacts_to<private_message>,
  // The same from the HTTP API; answers with the number of connections.
  caf::replies_to<user_message>::with<uint64_t>,
  // A notice to everyone.
  caf::replies_to<broadcast>::with<bool>,
  // Closes all connections of a user; answers with their number.
  caf::replies_to<kick_user>::with<uint64_t>,
  // Closes one connection; answers whether there was one.
  caf::replies_to<kick_connection>::with<bool>,
  // The connections of one user.
  caf::replies_to<user_query>::with<connection_list>,
  // A page of all connections, by id.
  caf::replies_to<connections_query>::with<connection_list>,
  // A page of all users, by name.
  caf::replies_to<users_query>::with<user_list>,
  // How many connections and users there are.
  caf::replies_to<atom::stats>::with<registry_stats>,
  // Admits nobody any more and dismisses all; answers when all are gone.
  caf::replies_to<closing_time>::with<bool>,
  // Time to send the next of them home.
  caf::reacts_to<atom::tick>,
  // What another node's registry says to this one.
  caf::reacts_to<peer_letter>,
  // The cluster is another one: users may have another home.
  caf::reacts_to<view_change>,
  // What was on its way from or to another node may be lost.
  caf::reacts_to<peer_down>,
  // Asks again for what has not been answered.
  caf::reacts_to<atom::beat>,
  // Answers, to show that it lives.
  caf::replies_to<atom::probe>::with<bool>>;

/// Knows this node's room actors by name, and starts them.
using directory_actor = inspectable::extend<
  // Forwards a join to the room, which it starts where there is none.
  caf::reacts_to<join>,
  // Forwards a message of the HTTP API likewise.
  caf::replies_to<post>::with<post_receipt>,
  // A room that is empty or has failed may be forgotten, at once or later;
  // then it gets `retired`, but not where something is on its way to it.
  caf::reacts_to<retirement>,
  // A room got its first member, or lost its last.
  caf::reacts_to<occupancy>,
  // The registry lets a connection in: it gets `admitted` with the rooms.
  caf::reacts_to<welcome>,
  // All rooms with members.
  caf::replies_to<atom::occupied>::with<room_list>,
  // Forwards what another node says to a room, which it starts where this node
  // has a part in it.
  caf::reacts_to<peer_letter>,
  // Tells all rooms.
  caf::reacts_to<view_change>, caf::reacts_to<peer_down>,
  // One room with members, or none.
  caf::replies_to<room_lookup>::with<room_list>,
  // How many rooms have members.
  caf::replies_to<atom::stats>::with<uint64_t>,
  // Sends a message through the canary room.
  caf::replies_to<atom::probe>::with<post_receipt>,
  // A second is over: empty rooms whose time has come are forgotten.
  caf::reacts_to<atom::tick>>;

/// Knows the other nodes, and tells those whom they speak to.
using cluster_actor = inspectable::extend<
  // Who is in has changed.
  caf::reacts_to<view_change>,
  // A link to a node is up, or down.
  caf::reacts_to<peer_up>, caf::reacts_to<peer_down>,
  // What a node says, to be forwarded.
  caf::reacts_to<peer_frame>>;

/// Looks at the process. The only actor that may wait: it runs on CAF's own
/// scheduler, where nobody else does.
using meter_actor = inspectable::extend<
  // How the process is doing.
  caf::replies_to<atom::stats>::with<process_vitals>>;

/// Answers the HTTP API by asking the others.
using admin_actor = inspectable::extend<
  // One HTTP request, with where its answer goes.
  caf::reacts_to<api_request>,
  // What another node's admin asks or answers.
  caf::reacts_to<peer_letter>,
  // The cluster is another one.
  caf::reacts_to<view_change>,
  // The time for an answer is up.
  caf::reacts_to<atom::tick, uint64_t>>;

/// Starts and watches directory, registry and admin.
using node_actor = inspectable::extend<
  // Closes every connection, then ends.
  caf::reacts_to<closing_time>>;

} // namespace parlor
