// SPDX-License-Identifier: MIT
#pragma once

#include <caf/atom.hpp>
#include <caf/fwd.hpp>
#include <caf/type_id.hpp>

namespace parlor {

// -- to a connection (messages/to_connection.hpp) ------------------------------
struct client_frame;
struct socket_closed;
struct admitted;
struct dismissed;
struct joined;
struct not_joined;
struct room_failed;
struct connection_report;

// -- to a room (messages/to_room.hpp) ------------------------------------------
struct join;
struct leave;
struct publish;
struct members_query;
struct signal_message;
struct history_query;
struct presence_update;
struct post;
struct post_receipt;
struct room_report;

// -- to a lane (messages/to_lane.hpp) ------------------------------------------
struct admission;
struct dismissal;
struct delivery;
struct remark;
struct mail;
struct announcement;

// -- to the directory (messages/to_directory.hpp) ------------------------------
struct retirement;
struct occupancy;
struct room_entry;
struct room_list;
struct room_lookup;
struct welcome;

// -- to the registry (messages/to_registry.hpp) --------------------------------
struct entrance;
struct private_message;
struct user_message;
struct broadcast;
struct kick_user;
struct kick_connection;
struct user_query;
struct connections_query;
struct users_query;
struct connection_list;
struct user_entry;
struct user_list;
struct registry_stats;
struct closing_time;

// -- to admin (messages/to_admin.hpp) ------------------------------------------
struct api_request;

// -- from other nodes (messages/from_peers.hpp) --------------------------------
struct view_change;
struct peer_up;
struct peer_down;
struct peer_frame;
struct peer_letter;

// -- from everyone (messages/report.hpp) ---------------------------------------
struct report;

// -- for the metrics (messages/thread_report.hpp, messages/process_vitals.hpp) --
struct thread_report;
struct process_vitals;

} // namespace parlor

CAF_BEGIN_TYPE_ID_BLOCK(parlor, caf::first_custom_type_id)

  CAF_ADD_TYPE_ID(parlor, (parlor::client_frame))
  CAF_ADD_TYPE_ID(parlor, (parlor::socket_closed))
  CAF_ADD_TYPE_ID(parlor, (parlor::admitted))
  CAF_ADD_TYPE_ID(parlor, (parlor::dismissed))
  CAF_ADD_TYPE_ID(parlor, (parlor::joined))
  CAF_ADD_TYPE_ID(parlor, (parlor::not_joined))
  CAF_ADD_TYPE_ID(parlor, (parlor::room_failed))
  CAF_ADD_TYPE_ID(parlor, (parlor::connection_report))
  CAF_ADD_TYPE_ID(parlor, (parlor::join))
  CAF_ADD_TYPE_ID(parlor, (parlor::leave))
  CAF_ADD_TYPE_ID(parlor, (parlor::publish))
  CAF_ADD_TYPE_ID(parlor, (parlor::members_query))
  CAF_ADD_TYPE_ID(parlor, (parlor::post))
  CAF_ADD_TYPE_ID(parlor, (parlor::post_receipt))
  CAF_ADD_TYPE_ID(parlor, (parlor::room_report))
  CAF_ADD_TYPE_ID(parlor, (parlor::admission))
  CAF_ADD_TYPE_ID(parlor, (parlor::dismissal))
  CAF_ADD_TYPE_ID(parlor, (parlor::delivery))
  CAF_ADD_TYPE_ID(parlor, (parlor::remark))
  CAF_ADD_TYPE_ID(parlor, (parlor::mail))
  CAF_ADD_TYPE_ID(parlor, (parlor::announcement))
  CAF_ADD_TYPE_ID(parlor, (parlor::retirement))
  CAF_ADD_TYPE_ID(parlor, (parlor::occupancy))
  CAF_ADD_TYPE_ID(parlor, (parlor::room_entry))
  CAF_ADD_TYPE_ID(parlor, (parlor::room_list))
  CAF_ADD_TYPE_ID(parlor, (parlor::room_lookup))
  CAF_ADD_TYPE_ID(parlor, (parlor::welcome))
  CAF_ADD_TYPE_ID(parlor, (parlor::entrance))
  CAF_ADD_TYPE_ID(parlor, (parlor::private_message))
  CAF_ADD_TYPE_ID(parlor, (parlor::user_message))
  CAF_ADD_TYPE_ID(parlor, (parlor::broadcast))
  CAF_ADD_TYPE_ID(parlor, (parlor::kick_user))
  CAF_ADD_TYPE_ID(parlor, (parlor::kick_connection))
  CAF_ADD_TYPE_ID(parlor, (parlor::user_query))
  CAF_ADD_TYPE_ID(parlor, (parlor::connections_query))
  CAF_ADD_TYPE_ID(parlor, (parlor::users_query))
  CAF_ADD_TYPE_ID(parlor, (parlor::connection_list))
  CAF_ADD_TYPE_ID(parlor, (parlor::user_entry))
  CAF_ADD_TYPE_ID(parlor, (parlor::user_list))
  CAF_ADD_TYPE_ID(parlor, (parlor::registry_stats))
  CAF_ADD_TYPE_ID(parlor, (parlor::closing_time))
  CAF_ADD_TYPE_ID(parlor, (parlor::api_request))
  CAF_ADD_TYPE_ID(parlor, (parlor::report))
  CAF_ADD_TYPE_ID(parlor, (parlor::signal_message))
  CAF_ADD_TYPE_ID(parlor, (parlor::history_query))
  CAF_ADD_TYPE_ID(parlor, (parlor::presence_update))
  CAF_ADD_TYPE_ID(parlor, (parlor::thread_report))
  CAF_ADD_TYPE_ID(parlor, (parlor::process_vitals))
  CAF_ADD_TYPE_ID(parlor, (parlor::view_change))
  CAF_ADD_TYPE_ID(parlor, (parlor::peer_up))
  CAF_ADD_TYPE_ID(parlor, (parlor::peer_down))
  CAF_ADD_TYPE_ID(parlor, (parlor::peer_frame))
  CAF_ADD_TYPE_ID(parlor, (parlor::peer_letter))

  /// Asks any actor for its state as a report.
  CAF_ADD_ATOM(parlor, parlor::atom, inspect, "inspect")
  /// Asks for an answer, to see that one comes.
  CAF_ADD_ATOM(parlor, parlor::atom, probe, "probe")
  /// Asks a connection or a room to describe itself for admin.
  CAF_ADD_ATOM(parlor, parlor::atom, describe, "describe")
  /// Tells a room that the directory has forgotten it.
  CAF_ADD_ATOM(parlor, parlor::atom, retired, "retired")
  /// Wakes a connection, which had asked for it.
  CAF_ADD_ATOM(parlor, parlor::atom, alarm, "alarm")
  /// A timer of the actor's own.
  CAF_ADD_ATOM(parlor, parlor::atom, tick, "tick")
  /// A room's timer: what is too old is to be forgotten.
  CAF_ADD_ATOM(parlor, parlor::atom, expire, "expire")
  /// A room's timer: changes of presence are to be told.
  CAF_ADD_ATOM(parlor, parlor::atom, diff, "diff")
  /// A room's timer: a user who vanished may be gone.
  CAF_ADD_ATOM(parlor, parlor::atom, grace, "grace")
  /// A timer of rooms and registry: something between nodes may be lost.
  CAF_ADD_ATOM(parlor, parlor::atom, beat, "beat")
  /// Asks for all the rooms that have members.
  CAF_ADD_ATOM(parlor, parlor::atom, occupied, "occupied")
  /// Asks for numbers.
  CAF_ADD_ATOM(parlor, parlor::atom, stats, "stats")
  /// Asks to stop in good order.
  CAF_ADD_ATOM(parlor, parlor::atom, stop, "stop")

CAF_END_TYPE_ID_BLOCK(parlor)
