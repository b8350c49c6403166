// SPDX-License-Identifier: MIT
#pragma once

#include "tests/actors/cluster_fixture.hpp"

#include <caf/resumable.hpp>

#include <cstddef>
#include <cstdint>
#include <map>
#include <random>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace parlor::explore {

/// What does not hold.
struct violation : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// Some whole nodes in one process, with all their actors, to which things
/// happen that a seed draws. Between any two of them a message may be handled, an
/// envelope arrive, or time pass.
class nodes_world : protected test::cluster_fixture {
public:
  explicit nodes_world(uint64_t seed, size_t count = 3)
    : cluster_fixture{count}, random_{seed} {}

  /// What is drawn happens, then all is mended and comes to rest.
  virtual void play() = 0;

  /// Throws a `violation` where something is wrong at rest.
  virtual void check() = 0;

  /// What has failed and was mended, in this order.
  const std::vector<std::string>& told() const noexcept { return told_; }

  /// How often each kind of thing has happened.
  const std::map<std::string, size_t>& counts() const noexcept {
    return counts_;
  }

protected:
  uint64_t draw(uint64_t below) { return random_() % below; }

  node& any() { return nodes[draw(nodes.size())]; }

  bool is_in(const node& x) const { return x.running && !out.contains(x.stay); }

  void count(const std::string& what) { ++counts_[what]; }

  void note(const std::string& what, const node& at) {
    count(what);
    told_.push_back(what + ": " + at.id.str());
  }

  /// Lets one message be handled; false where there is none that may be.
  bool handle_one();

  /// All of them.
  void run() override;

  /// As in the fixture, but throws a `violation` where envelopes cause others
  /// without end.
  void deliver_all();
  void settle(int beats = 8);

  // -- what fails (failures.cpp) ----------------------------------------------

  /// Whether this node may be lost.
  virtual bool may_lose(const node&) { return true; }

  /// Whether somebody else has what was confirmed.
  virtual bool is_kept_without(const node&) { return true; }

  /// It is about to be out, or dead.
  virtual void before_loss(node&) {}

  /// For the others it will have nobody for a while.
  virtual void before_absence(node&) {}

  /// The link between two nodes, perhaps, is lost, and there again. Some of what
  /// was on its way has arrived.
  void blink();

  /// One end of a link gives it up; the other speaks into it, until it hears of
  /// that, too.
  void lose_one_way();
  void hear_of_loss();

  /// A node dies, loses its lease, is evicted, or is suspended.
  void lose_a_node();

  /// All of them, at once.
  void lose_all_leases();

  /// One that is dead or out, perhaps, comes in again; one that stands still goes
  /// on.
  void bring_back();

  /// A node stands still for less long than its lease is.
  void stop_or_go_on();

  /// Others take over what it has; or it has what it had again.
  void drain();

  /// Its lease is renewed late, or at last.
  void hesitate();

  /// The next step of a restart of all nodes, one after the other: each ends as
  /// soon as it may, and the next one follows as soon as that is ready.
  void restart_next();

  /// All who are in are told who is in.
  void show_view();

  /// All links and leases are well again, and who was out is in.
  void mend_nodes();

  /// Who does not run may be out of the view already, or not.
  bool unseen_ = false;

private:
  struct half_link {
    node* silent;
    node* lost_by;
    std::pair<incarnation, incarnation> between;
  };

  bool is_of(caf::resumable* job, const node& x);
  void let_arrive(const node& from, const node& to);
  void hear_of_loss(const half_link& x);
  void end(node& x, const std::string& how);
  void wake();
  void come_back(node& x);
  static const std::map<uint64_t, uint64_t>& rooms_of(node& x) {
    return dynamic_cast<stub_peers&>(*x.env.peers).rooms;
  }
  bool has_custody(node& x, uint64_t since);
  bool may_end(node& x);
  void some_steps();

  std::mt19937_64 random_;
  std::vector<std::string> told_;
  std::map<std::string, size_t> counts_;
  std::vector<half_link> half_;
  /// Nothing happens in it, as in a suspended machine.
  node* asleep_ = nullptr;
  /// Whose turn of the restart it is, and since which view it is in again.
  node* restarting_ = nullptr;
  uint64_t restarted_in_ = 0;
};

} // namespace parlor::explore
