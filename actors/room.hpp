// SPDX-License-Identifier: MIT
#pragma once

#include "actors/absentees.hpp"
#include "actors/environment.hpp"
#include "actors/history.hpp"
#include "actors/home.hpp"
#include "actors/known_keys.hpp"
#include "actors/membership.hpp"
#include "actors/pinned.hpp"
#include "actors/presence_board.hpp"
#include "actors/shared_order.hpp"
#include "messages/error.hpp"
#include "messages/from_peers.hpp"
#include "messages/handles.hpp"
#include "messages/report.hpp"
#include "messages/to_lane.hpp"
#include "messages/to_room.hpp"

#include <caf/actor_addr.hpp>
#include <caf/result.hpp>
#include <caf/system_messages.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace parlor {

/// How a room is started.
struct room_options {
  const environment* env = nullptr;
  directory_actor directory;
  room_name room;
  parlor::epoch epoch;
  /// The canary never ends and is in no list.
  bool canary = false;
  /// The cluster that it is in; null where there is none.
  seating_ptr seats = nullptr;
};

/// Owns who is in a room, the order of what is said there, and the last of it.
/// Ends when it is empty and the directory has forgotten it; its lanes end with
/// it. Each connection is monitored from its join on, so that one that is gone
/// is removed whatever overtook what.
///
/// Where a handler throws, the room has failed: its members are told that they
/// are in it no more, it refuses what is still on its way to it, and ends once
/// the directory has forgotten it. A new room takes its name.
struct room_state {
  using actor_type = room_actor;
  static constexpr const char* name = "room";

  room_state(actor_type::pointer self, room_options options);

  actor_type::behavior_type make_behavior();

  void handle_join(const join& x);
  void handle_leave(const leave& x);
  void handle_publish(publish& x);
  void handle_members(const members_query& x);
  void handle_signal(signal_message& x);
  void handle_history(const history_query& x);
  void handle_presence(presence_update& x);
  caf::result<post_receipt> handle_post(post& x);

  /// A member's connection has ended.
  void handle_down(const caf::down_msg& x);

  /// The directory has forgotten this room.
  void handle_retired();

  /// Tells a very large room how many it has, in place of joins and leaves.
  void handle_tick();

  /// Tells the members what has changed of their presence.
  void handle_diff();

  /// Removes users who vanished and did not come back.
  void handle_grace();

  /// Forgets what is too old.
  void handle_expire();

  void handle_view(const view_change& x);
  void handle_peer_down(const peer_down& x);
  void handle_beat();

  room_report describe() const;
  report inspect(state_query x) const;

  /// For the inspector.
  std::string_view title() const {
    return options.canary ? "canary" : std::string_view{options.room.str()};
  }

  /// The members of one I/O thread.
  struct thread_lane {
    /// Null until the thread had a member.
    lane_actor handle;
    /// How many it has now.
    size_t members = 0;
  };

  /// Someone ends this room, or one of its lanes has failed.
  void handle_exit(const caf::exit_msg& x);

  actor_type::pointer self;
  room_options options;
  /// Whether a handler has thrown.
  bool failed = false;
  /// The order of this room.
  home order;
  membership members;
  /// Members who vanished and may come back: each by its last connection, which
  /// is among `members`, but in no lane and not monitored.
  absentees absent;
  /// What the members say of themselves.
  presence_board presence;
  presence_share presence_bytes;
  /// What was sequenced last.
  history log;
  /// Messages with a key.
  known_keys keys;
  /// Which member each monitored actor is.
  std::unordered_map<caf::actor_addr, connection_id> monitored;
  /// By I/O thread.
  std::vector<thread_lane> lanes;
  /// How many messages the directory has forwarded to this room.
  uint64_t visits = 0;
  /// Whether a tick is under way, and the other timers.
  bool ticking = false;
  bool diffing = false;
  bool gracing = false;
  bool expiring = false;
  bool beating = false;
  /// Null on a single node, where the room numbers by itself.
  std::unique_ptr<shared_order> shared;

private:
  friend class shared_order;

  const parlor::limits& limits() const { return options.env->limits; }

  template <class F>
  bool guarded(F f);
  void fail();
  void refuse(const join& x, ec code, const char* message);
  bool announces() const;
  size_t roster_size() const;
  event::roster roster() const;
  void count_soon();
  void welcome(const join& x);
  void take_in(const join& x, bool told, const place& at);
  void repeat_welcome(const join& x);
  void admit(const join& x, std::vector<frame> greeting);
  frame greet(const join& x, bool recovered, size_t replayed) const;
  void dismiss(connection_id id, frame goodbye);
  void remove(connection_id id, departure why);
  const membership::member* member_or_refuse(connection_id id,
                                             const request_id& request);

  /// What became of a message.
  struct outcome {
    place at;
    /// Whether it is one that was delivered before.
    bool repeated = false;
  };

  outcome say(event::chat&& what, const std::string& key,
              std::vector<connection_id> except, connection_id served);
  place deliver(event::chat&& what, std::vector<connection_id> except,
                connection_id served);
  void tell_chat(const place& at, event::chat&& what,
                 std::vector<connection_id> except, connection_id served);
  void tell_signal(const event::signal& what, std::vector<connection_id> except,
                   connection_id served);
  std::vector<connection_id> excluded(const std::string& who) const;
  void retire_if_empty();

  // -- what was said (room_log.cpp) -------------------------------------------

  /// What a joiner missed, or wants to hear again.
  struct replay {
    bool recovered = false;
    std::vector<frame> what;
  };

  replay replay_for(const join& x);
  caf::timespan lingers() const;
  void expire_soon();

  // -- what members say of themselves (room_presence.cpp) ---------------------

  bool has_place_for(const presence_update& x, const user_id& user) const;
  frame presence_for(connection_id who, dialect speaks);
  void forget_presence(const user_id& user, connection_id id);
  void count_presence();
  void diff_soon();
  void await_return(connection_id id, departure why);
  void welcome_back(const user_id& user);
  void grace_soon();

  // -- what the cluster decided (room_shared.cpp) -----------------------------

  void await_place(const join& x);
  void part_with(connection_id who, const user_id& user, departure why);
  void share_publish(publish& x, const user_id& sender);
  void share_post(post& x, caf::typed_response_promise<post_receipt> to);
  void refuse_full(const join& x);
  void refuse_for_now(connection_id who, const request_id& id, dialect speaks);
  void tell_joined(const user_id& user, bool silent, bool told, const place& at,
                   bool live);
  void tell_left(const user_id& user, departure why, bool told, const place& at,
                 bool live);
  void tell_chat(const proceedings::chat& x, const place& at,
                 event::timestamp time, bool mine, connection_id served,
                 bool live);
  void tell_said(const shared_order::asker& who, const place& at, bool served);
  void tell_unsaid(const shared_order::asker& who, bool served);
  void reopen(const parlor::epoch& in);
  void beat_soon();

  // -- lanes ------------------------------------------------------------------

  std::chrono::steady_clock::time_point now() const;
  /// The thread that it lives on.
  const io_place& host() const { return options.env->place_of(options.room); }
  thread_counts& counts() const { return host().sockets->counts(); }
  size_t connections() const { return members.size() - absent.size(); }
  size_t seats_taken(const user_id& by_others) const;
  bool may_be_absent() const;
  void tell(connection_id who, frame what, bool served);
  thread_lane& lane_of(connection_id id);
  void to_all(frames what);
  void to_lanes(const delivery& x);
  dialect dialect_of(connection_id id) const;
};

} // namespace parlor
