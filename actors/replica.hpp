// SPDX-License-Identifier: MIT
#pragma once

#include "actors/replica_log.hpp"
#include "messages/replication.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace parlor {

/// What a replica does to the world around it.
class replica_port {
public:
  virtual ~replica_port() = default;

  /// To another node; nothing is said of whether it arrives.
  virtual void send(incarnation to, replication::letter what) = 0;

  /// A command is about to get its place: what the home makes of it. All that
  /// has a place before it was appended here.
  virtual void judge(replication::command& what) = 0;

  /// An entry has its place, for now.
  virtual void append(const replication::entry& what) = 0;

  /// The last entry is void.
  virtual void undo(const replication::entry& what) = 0;

  /// Entries up to this place are lost to this node, of the next it knows. What
  /// they have made of the room, with those that follow up to a number.
  virtual void skip(const place& to, const std::string& state, uint64_t upto)
    = 0;

  /// What all entries have made of the room.
  virtual std::string state() const = 0;

  /// The room goes on in an epoch, from the number behind the log's last.
  virtual void open(const parlor::epoch& in) = 0;

  /// One of this node's own commands will stay where it is; none where its
  /// place is lost to this node.
  virtual void confirm(uint64_t number, std::optional<place> at) = 0;

  /// Nobody knows what becomes of this node's own command.
  virtual void give_up(uint64_t number) = 0;

  /// Whether this node may have lost its lease, and so may not decide.
  virtual bool fenced() const = 0;

  /// Counts openings and promises of all this node's rooms: one of this name
  /// that has ended had others.
  virtual uint64_t next_opening() = 0;
};

/// A room's part in a cluster, on one node. Its home gives each command a place
/// and tells all; the standby acknowledges; then the command is confirmed, and
/// no loss of one of the two loses it. Between the others and the home it
/// relays. After a view in which the home changed, the new one takes the log
/// that goes furthest of all who can have confirmed anything, opens an epoch,
/// and lets everyone catch up. A value with a port; without a clock: `tick`
/// comes every 100 ms or so. Not thread-safe.
class replica {
public:
  struct limits {
    /// Own commands that are not confirmed.
    size_t unconfirmed = 256;
    /// Entries that are kept behind those, and bytes of them.
    size_t entries = 1024;
    size_t bytes = 1 << 20;
    /// Ticks that a home waits for those who cannot have confirmed anything.
    unsigned patience = 3;
    /// And for the return of those who alone have what was confirmed, where both
    /// are gone: who has lost its lease comes in again.
    unsigned returns = 20;
  };

  replica(replica_port& port, const limits& within);

  /// The next view; none is left out. `self` is this node's incarnation in it,
  /// which is no member where the lease was lost.
  void sit(incarnation self, const replication::roles& now);

  /// A command of this node's. Its number, which counts 1, 2, 3… for each
  /// incarnation; none where too many wait.
  std::optional<uint64_t> submit(std::string body);

  void hear(incarnation from, replication::letter what);

  /// Letters from or to that node may have been lost.
  void lose_link(incarnation to);

  void tick();

  /// Whether ticks are needed: something is under way that may be lost.
  bool restless() const;

  /// This node has no part in the room any more: it gets no entries.
  void step_out();

  /// Memory of entries that will stay where they are, which others may begin
  /// without: they get what those have made of the room.
  size_t bytes_confirmed() const noexcept {
    return log_.bytes_upto(confirmed_);
  }

  /// Forgets the oldest of these; false where there is none.
  bool forget_oldest();

  const replica_log& log() const noexcept { return log_; }
  bool leads() const noexcept { return lead_.has_value(); }
  bool joined() const noexcept { return joined_; }
  /// Whether it has had all that its home had when it joined.
  bool caught_up() const noexcept { return caught_up_; }
  /// Whether the room may end here, if nobody is in: two others have what was
  /// confirmed, and nothing of this node's is under way.
  bool may_step_out() const;
  /// The view, if home and standby have all that was confirmed before it; 0 where
  /// this replica does not know, or has heard of a later one in which it may be
  /// the standby.
  uint64_t settled_in() const noexcept {
    return caught_up_ && established_ == roles_.revision ? established_ : 0;
  }
  incarnation self() const noexcept { return self_; }
  const replication::roles& assigned() const noexcept { return roles_; }
  const parlor::epoch& epoch() const noexcept { return epoch_; }
  /// What the next command is numbered, if it is taken.
  uint64_t next_number() const noexcept { return numbered_ + 1; }
  bool waits() const noexcept { return !waiting_.empty(); }
  /// Of this very replica: an earlier one of this node's has numbered others.
  bool is_own(const replication::command& x) const noexcept {
    return x.from == producer_;
  }
  /// Whether this node is in the cluster, as far as it knows.
  bool is_in() const { return is_member(self_); }
  /// Who gets the entries of this home; nobody of any other.
  std::vector<incarnation> followers() const;
  /// Up to where it is known that the log will stay.
  uint64_t confirmed() const noexcept { return confirmed_; }
  /// A view whose home and standby have all that was confirmed before it.
  uint64_t established() const noexcept { return established_; }

private:
  /// An own command on its way.
  struct waiting {
    replication::command what;
    /// None until it was delivered.
    std::optional<place> at;
  };

  /// Something was asked for that is answered for certain, unless the one that
  /// was asked has failed or is of an earlier version. What is large takes its
  /// time: it is asked for again after ten seconds, and then ever more rarely.
  struct patience {
    /// Counts a tick; whether it is time to ask again.
    bool is_over() {
      if (++ticks < most)
        return false;
      ticks = 0;
      most *= 2;
      return true;
    }

    unsigned ticks = 0;
    unsigned most = 100;
  };

  /// Who gets entries.
  struct follower {
    /// Of the promise that was answered.
    uint64_t number = 0;
    /// The last view in which it made that.
    uint64_t revision = 0;
  };

  /// What a home knows beside the log.
  struct lead {
    /// The view in which it became home.
    uint64_t since = 0;
    /// Since which view the standby has been the standby. What it acknowledged
    /// before it may have thrown away.
    uint64_t standby_since = 0;
    bool open = false;
    /// The log's last number when it opened: no earlier home has confirmed
    /// anything above it.
    uint64_t opened_at = 0;
    unsigned waited = 0;
    /// Whose log is fetched; none for nobody's. And since which view.
    incarnation fetching;
    uint64_t fetching_since = 0;
    patience fetches = {};
    /// Joins, while it is not open.
    std::map<incarnation, replication::promise> heard;
    std::map<incarnation, follower> members;
    /// Who got them until a link was lost.
    std::set<incarnation> lost;
    /// Who proposed something while this home was fenced.
    std::set<incarnation> unheard;
  };

  /// A home's answer to a promise whose state is of use only together with the
  /// entries that follow.
  struct resumption {
    replication::resume answer;
    std::vector<replication::entry> entries = {};

    uint64_t seq() const {
      return entries.empty() ? answer.agreed.seq : entries.back().at.seq;
    }
  };

  // -- towards the home (replica.cpp) -----------------------------------------

  void handle(incarnation from, const replication::ask& x);
  void handle(incarnation from, const replication::fetch& x);
  void handle(incarnation from, replication::resume& x);
  void handle(incarnation from, const replication::stale& x);
  void handle(incarnation from, replication::decision& x);
  void handle(incarnation from, const replication::mark& x);

  bool is_member(incarnation who) const;
  bool hears(incarnation from, const parlor::epoch& in) const;
  bool resumes(incarnation from, const parlor::epoch& in) const;
  void forget_gone();
  void forget_strangers();
  void leave_home();
  void turn_home();
  void promise_home();
  void complete_resumption();
  void acknowledge();
  void enter(const parlor::epoch& in);
  void take(replication::entry what);
  void cut(uint64_t seq);
  void unplace(uint64_t above);
  void agree(const place& at, const std::vector<replication::progress>& then,
             const std::string& state, uint64_t upto);
  void establish(uint64_t revision);
  void settle(uint64_t confirmed);
  void pass_on();
  void pass_on_again();
  void give_up_all();

  // -- as home (replica_home.cpp) ---------------------------------------------

  void handle(incarnation from, replication::promise& x);
  void handle(incarnation from, replication::part& x);
  void handle(incarnation from, replication::proposal& x);
  void handle(incarnation from, const replication::ack& x);

  void begin_lead();
  void keep_lead();
  void ask_all();
  bool has_standby() const;
  bool lacks_followers() const;
  void ask_followers();
  uint64_t known_established() const;
  bool may_open() const;
  void try_open();
  void open();
  void admit(incarnation who, const replication::promise& x);
  void sequence(replication::command&& what);
  void decide_alone();
  void mark_all();
  void ask_for_unheard();

  replica_port& port_;
  limits limits_;
  incarnation self_;
  replication::roles roles_;
  /// Earlier views, back to the one in which it was established.
  std::deque<replication::roles> past_;
  replica_log log_;
  uint64_t confirmed_ = 0;

  bool joined_ = false;
  bool caught_up_ = false;
  /// While it is not joined.
  std::optional<resumption> resuming_;
  /// Of the home that it is joined to, or was.
  parlor::epoch epoch_;
  /// A view whose home and standby have all that was confirmed before it.
  uint64_t established_ = 0;
  /// The number of its promise, which stands as long as the log is as that
  /// says, and then as long as it follows; 0 for none.
  uint64_t promises_ = 0;
  replication::producer producer_;
  uint64_t numbered_ = 0;
  std::deque<waiting> waiting_;
  /// The number of the last that was passed on.
  uint64_t passed_ = 0;
  /// The first that has no place yet, or 0.
  uint64_t stuck_ = 0;
  patience passes_ = {};

  std::optional<lead> lead_;
  /// Joins for a view that has not come here yet.
  std::map<incarnation, replication::promise> early_;
};

} // namespace parlor
