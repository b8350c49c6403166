// SPDX-License-Identifier: MIT
#pragma once

#include "actors/environment.hpp"
#include "actors/failing_rooms.hpp"
#include "actors/pinned.hpp"
#include "actors/vacancies.hpp"
#include "messages/from_peers.hpp"
#include "messages/handles.hpp"
#include "messages/report.hpp"
#include "messages/to_directory.hpp"
#include "messages/to_room.hpp"

#include <caf/result.hpp>
#include <caf/system_messages.hpp>

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>

namespace parlor {

/// Owns the names of this node's rooms: starts a room on the first message to
/// it, and forgets it when it has failed, or is empty and nothing is on its way
/// to it. Empty rooms that keep what was said in them stay for its time, the
/// oldest only as long as there is place and memory for them. Ends with the node, which
/// cannot go on without it; its rooms end too.
struct directory_state {
  using actor_type = directory_actor;
  static constexpr const char* name = "directory";

  directory_state(actor_type::pointer self, const environment* env);

  actor_type::behavior_type make_behavior();

  void handle_join(join& x);
  caf::result<post_receipt> handle_post(post& x);
  void handle_retirement(const retirement& x);
  void handle_occupancy(const occupancy& x);
  void handle_welcome(const welcome& x);
  void handle_letter(peer_letter& x);
  void handle_view(const view_change& x);
  void handle_peer_down(const peer_down& x);
  caf::result<post_receipt> handle_probe();

  /// Forgets empty rooms whose time has come.
  void handle_tick();

  /// The directory has to end, and its rooms with it.
  void handle_exit(const caf::exit_msg& x);

  room_list occupied() const;
  room_list lookup(const room_lookup& x) const;
  report inspect(state_query x) const;

  struct open_room {
    room_actor handle;
    /// Which one of that name it is.
    parlor::epoch epoch;
    /// How many messages were forwarded to it.
    uint64_t visits = 0;
    /// Whether it has members; others are in no list and no count.
    bool occupied = false;
  };

  using named_room = std::pair<const room_name, open_room>;

  struct by_name {
    bool operator()(const named_room* x, const named_room* y) const {
      return x->first < y->first;
    }
  };

  actor_type::pointer self;
  const environment* env;
  std::map<room_name, open_room> rooms;
  /// Those of them that have members, for lists: what a list costs does not
  /// depend on how many rooms are empty.
  std::set<const named_room*, by_name> occupied_rooms;
  /// Those of them that are empty and stay for a while.
  vacancies vacant;
  /// Those that are not opened for a while.
  failing_rooms failing;
  /// Whether a tick is under way.
  bool ticking = false;
  /// What who comes in is told of them; empty once that has changed.
  std::string listed;
  /// The second half of every epoch: how many rooms were ever opened.
  uint64_t openings = 0;
  /// The cluster; null where there is none.
  seating_ptr seats;
  /// Answers probes; in no list.
  room_actor canary;

private:
  room_actor open(const room_name& room, const parlor::epoch& opening,
                  bool is_canary);
  void decline(const room_name& room, const peer_letter& x);
  bool takes_part(const std::string& room) const;
  bool is_failing(const room_name& room) const;
  void refuse(const join& x, ec why, std::string message);
  open_room* find_or_open(const room_name& room);
  void set_occupied(named_room& x, bool value);
  void forget(const room_name& room);
  void replace(const room_name& room);
  void tick_soon();
  std::string list() const;
};

} // namespace parlor
