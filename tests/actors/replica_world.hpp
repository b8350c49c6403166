// SPDX-License-Identifier: MIT
#pragma once

#include "actors/replica.hpp"

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <set>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace parlor::test {

/// What must hold does not.
struct wrong : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// A cluster of one room's replicas in one process, whose network, leases and
/// failures are drawn from a seed. Views reach each node in order, some time
/// later; letters between two nodes arrive in order, and the loss of a link is
/// heard of behind what came over it, when the next one may be up already. Where
/// nobody is in and the replica may end, it does.
class replica_world {
public:
  struct chances {
    size_t nodes = 3;
    replica::limits within = {16, 12, 1 << 20, 3, 0};
    /// Per mille of the steps.
    uint64_t cuts = 16;
    uint64_t blinks = 16;
    uint64_t losses = 30;
    uint64_t fences = 5;
    uint64_t stalls = 20;
    /// All leases at once.
    uint64_t outages = 1;
    /// Those of home and standby at once, which come in again.
    uint64_t blackouts = 0;
    /// Somebody comes in on a node, or the last one goes.
    uint64_t visits = 20;
  };

  replica_world(uint64_t seed, const chances& how);
  ~replica_world();

  /// So many things happen.
  void run(size_t steps);

  /// Everything is mended and comes to rest; then checks all of it.
  void settle_and_check();

  /// How often things were confirmed, voided, lost.
  struct counts {
    size_t confirmed = 0;
    size_t voided = 0;
    size_t skipped = 0;
    size_t given_up = 0;
    size_t lost_nodes = 0;
    /// Of which before the view's home and standby had all, and at the moment.
    size_t lost_early = 0;
    size_t lost_at_once = 0;
    size_t outages = 0;
    size_t blackouts = 0;
    size_t ended = 0;
    size_t blinks = 0;

    counts& operator+=(const counts& x);
  };

  const counts& seen() const { return counts_; }

private:
  struct node;
  using road = std::pair<incarnation, incarnation>;

  /// Who is in, by place in the cluster.
  struct view {
    uint64_t revision = 0;
    std::map<size_t, incarnation> members;
  };

  uint64_t draw(uint64_t below);
  replication::roles roles_in(const view& x) const;
  node* find(incarnation who);
  node& any() { return *nodes_[draw(nodes_.size())]; }
  bool is_cut(size_t a, size_t b) { return cut_[std::minmax(a, b)]; }
  void publish_view(std::map<size_t, incarnation> members);
  void enter(size_t slot);
  incarnation come_in(size_t slot);
  void take_view(node& x);
  void deliver_one();
  void submit_one();
  void toggle_link();
  void toggle_stall();
  void blink();
  void lose_link(const node& from, const node& to);
  void lose_one();
  void lose(node& x);
  void lose_all();
  void lose_both();
  void bring_back();
  bool may_lose(const node& x);
  void watch();
  void step();
  void check_node(node& x, const node& other);

  chances how_;
  std::mt19937_64 random_;
  std::vector<view> views_;
  std::vector<std::unique_ptr<node>> nodes_;
  /// None for the loss of the link, behind what came over it.
  std::map<road, std::deque<std::optional<replication::letter>>> links_;
  std::map<std::pair<size_t, size_t>, bool> cut_;
  /// Letters from one to another that are slow.
  std::map<road, bool> stalled_;
  /// Who has what was confirmed: the home and the standby of the last view in
  /// which they had all of it, as far as they are still in.
  std::set<const node*> holders_;
  uint64_t established_ = 0;
  uint64_t last_ = 0;
  uint64_t openings_ = 0;
  uint64_t bodies_ = 0;
  uint64_t submits_ = 0;
  uint64_t views_slow_ = 0;
  counts counts_;
};

} // namespace parlor::test
