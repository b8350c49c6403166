// SPDX-License-Identifier: MIT
#pragma once

#include "messages/ids.hpp"
#include "messages/limits.hpp"
#include "messages/peers.hpp"
#include "messages/user_notes.hpp"

#include <compare>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <set>
#include <unordered_map>
#include <utility>
#include <variant>
#include <vector>

namespace parlor {

/// How a shard speaks to the nodes, its own included.
class user_shard_port {
public:
  virtual ~user_shard_port() = default;

  /// Puts it on its way; false where it cannot be.
  virtual bool send(incarnation to, const user_id& user,
                    registration::note what)
    = 0;
};

/// The users whose home this node is: where each of them is connected, on any
/// node, and within the limit on that. It follows from the nodes' own tables,
/// for which a shard asks at each change of the cluster. Until it has them, what
/// is asked of it is held, but for users whose home was here before: of these it
/// knows all. Knows no clock, no CAF. Notes that it sends may come back at once.
class user_shard {
public:
  using note = registration::note;

  user_shard(user_shard_port& port, const limits& within)
    : port_{port}, within_{within} {}

  /// The cluster is another one.
  void sit(seating_ptr now);

  void hear(incarnation from, const user_id& user, note&& what);

  /// What was on its way from or to a node may be lost.
  void lose(incarnation link_to);

  /// A `peer_pause` is over.
  void beat();

  /// Whether pauses are of any use.
  bool waits() const { return now_->self && (!settled() || !to_ask_.empty()); }

  /// Whether all tables are in, or were waited for long enough.
  bool settled() const { return since_.size() == 1; }

  /// All connections of a user, oldest first.
  std::vector<std::pair<incarnation, connection_id>>
  seats_of(const user_id& user) const;

  size_t user_count() const noexcept { return users_.size(); }

  /// Bytes of what is held.
  size_t held() const noexcept { return held_bytes_; }

private:
  struct seat {
    uint64_t order = 0;
    incarnation node;
    connection_id who;

    friend auto operator<=>(const seat&, const seat&) = default;
  };

  /// Oldest first.
  using seats = std::vector<seat>;

  struct held_note {
    incarnation from;
    user_id user;
    note what;
  };

  void clear();
  bool is_home_of(const user_id& user) const;
  bool is_open(const user_id& user) const;
  void settle();
  void release();
  void ask(incarnation whom);
  void keep_rows();
  template <class F>
  void empty_seats(F gone);

  template <class T>
  void serve(incarnation from, const user_id& user, T&& x);
  void hold(incarnation from, const user_id& user, note&& what);
  void do_serve(incarnation from, const user_id& user,
                const registration::knock& x);
  void do_serve(incarnation from, const user_id& user,
                const registration::departed& x);
  void do_serve(incarnation from, const user_id& user,
                const registration::message& x);
  void do_serve(incarnation from, const user_id& user,
                const registration::kick& x);
  void take(incarnation from, registration::table&& x);
  bool knows_all() const { return to_ask_.empty() && asked_.empty(); }
  void replace(incarnation node, std::vector<registration::row>&& rows);
  void shorten(const user_id& user, seats& own, size_t most);
  std::map<incarnation, uint64_t> nodes_of(const user_id& user) const;

  user_shard_port& port_;
  const limits& within_;
  seating_ptr now_ = std::make_shared<seating>();
  /// The last cluster of which all tables were in, and all since: who had its
  /// home here in each of them is known. Empty where there was none.
  std::vector<seating_ptr> since_;
  /// No user is without a seat.
  std::unordered_map<user_id, seats> users_;
  /// The highest that there was.
  uint64_t order_ = 0;
  /// Members whose table is waited for.
  std::set<incarnation> missing_;
  /// For so many pauses.
  unsigned patience_ = 0;
  /// Members that could not be asked yet, or have to be asked again.
  std::set<incarnation> to_ask_;
  /// Members that were asked, and have not answered.
  std::set<incarnation> asked_;
  /// Tables of which a part has come.
  std::map<incarnation, std::vector<registration::row>> parts_;
  std::deque<held_note> held_;
  size_t held_bytes_ = 0;
};

} // namespace parlor
