// SPDX-License-Identifier: MIT
#pragma once

#include "actors/node.hpp"
#include "messages/all.hpp"
#include "tests/explore/cast.hpp"
#include "tests/explore/mailboxes.hpp"
#include "tests/explore/script.hpp"
#include "tests/explore/sockets.hpp"

#include <caf/actor.hpp>
#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/scheduler/test_coordinator.hpp>

#include <array>
#include <compare>
#include <cstddef>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

namespace parlor::explore {

/// What must never be was seen.
struct violation : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// Something that can happen next: a message arrives and is handled, or the
/// next step of a group of the script is taken.
struct action {
  /// Of a message; the group of a script's step is `from`.
  channel where;
  bool is_step = false;
  /// Whether the handler throws at its first call of a port.
  bool crash = false;

  friend auto operator<=>(const action&, const action&) = default;

  /// The same but for whether the handler throws.
  bool same_event(const action& x) const {
    return where == x.where && is_step == x.is_step;
  }
};

/// What something that happened has touched, for telling what of it could have
/// happened in another order to another end.
struct effect {
  action what;
  /// The actor whose turn it was.
  size_t receiver = 0;
  /// Time passed for all.
  bool global = false;
  /// The receiver ended.
  bool ended = false;
  /// The receiver is a room that failed.
  bool failed = false;
  /// The handler has thrown.
  bool crashed = false;
  /// The connection that the message speaks of, where it is watched from then
  /// on, or no more.
  size_t subject = 0;
  /// The step that made this possible; 0 where it always was.
  size_t enabled_by = 0;
  /// When the message was sent.
  moment sent = {};
};

/// One client of a script.
struct client {
  std::string name;
  connection_id id;
  connection_actor handle;
  size_t number = 0;
  dialect speaks = dialect::typed;
  /// The room of its address, which it joins at once and without an answer.
  std::string enters;
  /// Its requests that were read, by id.
  std::map<size_t, step> asked;
  /// Whether its socket has ended.
  bool gone = false;
  /// The step by which it could speak, or never will.
  size_t ready_by = 0;
};

/// One request of the HTTP API.
struct api_call {
  step what;
  size_t answers = 0;
  uint64_t count = 0;
  post_receipt receipt;
  bool refused = false;
};

/// A node whose every message and timer is in the explorer's hands: the real
/// actors on CAF's test_coordinator, with sockets that write down. Makes one
/// run after the other.
class world {
public:
  static constexpr size_t threads = 2;

  world();
  ~world();

  world(const world&) = delete;
  world& operator=(const world&) = delete;

  /// Begins a run: a new node, on which all that comes before has happened.
  void begin(const scenario& what);

  /// What can happen next, in an order that is the same in the same state.
  std::vector<action> enabled() const;

  /// Lets it happen. The effect's `crashed` is false where it should have
  /// crashed and could not.
  effect perform(const action& what);

  /// Lets all happen that can, the first of it first.
  void settle();

  /// Lets every client go, and all that follows happen.
  void hang_up_all();

  /// Fires the next timer; false where there is none.
  bool fire_timer();

  /// Says it for people.
  std::string describe(const action& x) const;

  const sockets::socket& socket_of(const client& x) const {
    return sockets_[x.id.thread()].all[x.id];
  }

  directory_state* directory() const {
    return actors.state_of<directory_state>(core.directory);
  }

  registry_state* registry() const {
    return actors.state_of<registry_state>(core.registry);
  }

  /// Whether this client's connection lives.
  bool lives(const client& x) const { return !actors.ended(x.number); }

  bool has_timers() const { return scheduler_.has_pending_timeout(); }

  const scenario* script = nullptr;
  environment env;
  core_actors core;
  cast actors;
  std::map<std::string, client> clients;
  std::deque<api_call> calls;
  /// How many broadcasts were asked for.
  size_t broadcasts = 0;
  /// Whether a handler has thrown.
  bool crashed = false;

  size_t announcements(size_t thread) const {
    return sockets_[thread].announcements;
  }

private:
  struct config : caf::actor_system_config {
    config();
  };

  void end_all();
  void run_jobs();
  void give(size_t to, letter&& what);
  bool may_arrive(const channel& at) const;
  void advance(size_t actor, const moment& by);
  bool may_crash(const channel& at) const;
  bool is_ready(const step& x) const;
  bool is_ready(const client& x) const;
  void prepare_clients();
  void take(const step& x, size_t request, effect& into);
  void connect(const step& x, effect& into);
  void frame_from(client& who, const step& x, size_t request, effect& into);
  void call(const step& x, effect& into);
  void start_api();
  size_t subject_of(caf::mailbox_element& x) const;
  void note_ready();

  config cfg_;
  caf::actor_system system_;
  caf::scheduler::test_coordinator& scheduler_;
  stage stage_;
  mutable std::array<sockets, threads> sockets_;
  caf::actor api_;
  mail mail_;
  /// How far each group of the script is.
  std::vector<size_t> taken_;
  /// The steps that were taken last, by group.
  std::vector<size_t> last_of_;
  /// The same as others may know of them.
  std::vector<moment> group_at_;
  /// Each actor's last turn.
  std::vector<moment> turns_;
  size_t crashes_left_ = 0;
  /// How many steps this run has taken.
  size_t now_ = 0;
};

} // namespace parlor::explore
