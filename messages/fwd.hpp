// SPDX-License-Identifier: MIT
#pragma once

#include <caf/atom.hpp>
#include <caf/fwd.hpp>
#include <caf/type_id.hpp>

// Every message type, by whom it is for and where it is.
// clang-format off
#define PARLOR_MESSAGES(each)                                                  \
  /* to a connection (messages/to_connection.hpp) */                           \
  each(client_frame) each(socket_closed) each(admitted) each(dismissed)        \
  each(joined) each(not_joined) each(room_failed) each(connection_report)      \
  /* to a room (messages/to_room.hpp) */                                       \
  each(join) each(leave) each(publish) each(members_query)                     \
  each(signal_message) each(history_query) each(presence_update) each(post)    \
  each(post_receipt) each(room_report)                                         \
  /* to a lane (messages/to_lane.hpp) */                                       \
  each(admission) each(dismissal) each(delivery) each(remark) each(mail)       \
  each(announcement)                                                           \
  /* to the directory (messages/to_directory.hpp) */                           \
  each(retirement) each(occupancy) each(room_entry) each(room_list)            \
  each(room_lookup) each(welcome)                                              \
  /* to the registry (messages/to_registry.hpp) */                             \
  each(stranger) each(entrance) each(private_message) each(user_message)       \
  each(broadcast) each(kick_user) each(kick_connection) each(user_query)       \
  each(connections_query) each(users_query) each(connection_list)              \
  each(user_entry) each(user_list) each(registry_stats) each(closing_time)     \
  /* to admin (messages/to_admin.hpp) */                                       \
  each(api_request)                                                            \
  /* from other nodes (messages/from_peers.hpp) */                             \
  each(view_change) each(peer_up) each(peer_down) each(peer_frame)             \
  each(peer_letter)                                                            \
  /* from everyone (messages/report.hpp) */                                    \
  each(state_query) each(report)                                               \
  /* for the metrics (messages/thread_report.hpp, messages/process_vitals.hpp) */ \
  each(thread_report) each(process_vitals)
// clang-format on

namespace parlor {

#define PARLOR_DECLARE(message) struct message;
PARLOR_MESSAGES(PARLOR_DECLARE)
#undef PARLOR_DECLARE

} // namespace parlor

CAF_BEGIN_TYPE_ID_BLOCK(parlor, caf::first_custom_type_id)

#define PARLOR_IDENTIFY(message) CAF_ADD_TYPE_ID(parlor, (parlor::message))
  PARLOR_MESSAGES(PARLOR_IDENTIFY)
#undef PARLOR_IDENTIFY

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
