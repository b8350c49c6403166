// SPDX-License-Identifier: MIT
#pragma once

#include "cluster/etcd/etcd_roster.hpp"
#include "cluster/etcd/http_client.hpp"
#include "cluster/etcd/node_table.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <atomic>
#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace parlor::etcd {

/// One stay of this node in the cluster after the other: comes in, renews its
/// lease, follows the changes, until that is over. All of it is coroutines on
/// one thread, which this owns; only what says so may be called by others.
class stay_keeper {
public:
  using clock = lease_clock;

  stay_keeper(roster_options options, roster_listener& listener);

  /// Gives the lease back, where etcd answers within a second, and joins the
  /// thread.
  ~stay_keeper();

  stay_keeper(const stay_keeper&) = delete;
  stay_keeper& operator=(const stay_keeper&) = delete;

  /// Thread-safe.
  void set_state(member_state mine);
  void evict(const member& suspect);
  clock::time_point lease() const noexcept;

private:
  template <class T = void>
  using awaitable = boost::asio::awaitable<T>;

  using suspects = std::map<node_id, parlor::incarnation>;

  /// A key that asks a member whether it lives, which answers by deleting it.
  struct challenge {
    node_id who;
    parlor::incarnation was;
    std::string key;
    /// The revision that made it.
    uint64_t created = 0;
    /// When it was sent, and how long it took.
    clock::time_point sent;
    clock::duration effort{};
  };

  enum class verdict : uint8_t {
    /// etcd did not answer.
    unknown,
    dead,
    lives,
    /// It was out already.
    gone,
  };

  /// Between coming in and being out.
  struct stay {
    stay(boost::asio::io_context& loop, const tls::slot_ptr& tls)
      : requests{loop, tls},
        changes{loop, tls},
        judgements{loop, tls},
        wake{loop},
        doubt{loop},
        objection{loop} {}

    /// One connection for what is asked, one for what is followed, and one for
    /// what is found out about others.
    http_client requests;
    http_client changes;
    http_client judgements;
    lease_id lease{};
    /// Of etcd's clusters the one that this stay is in; empty until it is known.
    std::string cluster;
    /// As etcd counts: the revision that made this node's key.
    uint64_t created = 0;
    parlor::incarnation incarnation;
    /// As etcd counts: the revision that is to be followed next.
    uint64_t next = 0;
    /// What the key says.
    member_state state = member_state::active;
    /// Ends the wait for the next renewal.
    boost::asio::steady_timer wake;
    /// Ends the wait for the next suspect.
    boost::asio::steady_timer doubt;
    /// Ends the wait for a suspect's answer.
    boost::asio::steady_timer objection;
    /// Challenges of this node that are to be answered, with the revisions that
    /// made them.
    std::map<std::string, uint64_t> challenges;
    /// Challenges that this node has made, by when its watch has told of them.
    std::map<std::string, clock::time_point> echoes;
    bool over = false;
    /// Since when it has been in, and whether nobody is waited for any more.
    clock::time_point since;
    bool settled = false;
  };

  awaitable<> run();
  awaitable<> stay_once();
  awaitable<bool> come_in(stay& x);
  awaitable<bool> choose_store(stay& x);
  awaitable<bool> go_on_in_history(stay& x);
  awaitable<> check_history(stay& x);
  bool disagrees(const std::vector<entry>& all, uint64_t created);
  void accord_with(accord now);
  awaitable<bool> take_key(stay& x);
  awaitable<verdict> judge_holder(stay& x, member holder);
  awaitable<> renew(stay& x);
  awaitable<bool> renew_once(stay& x);
  awaitable<bool> do_chores(stay& x);
  awaitable<> follow(stay& x);
  awaitable<bool> answer_challenges(stay& x);
  awaitable<> judge(stay& x);
  awaitable<> judge_all(stay& x, suspects who);
  awaitable<bool> hear_objections(stay& x, const std::vector<challenge>& asked);
  awaitable<std::optional<challenge>> make_challenge(http_client& through,
                                                     lease_id lease,
                                                     node_id who,
                                                     parlor::incarnation was);
  awaitable<verdict> settle(http_client& through, challenge asked);
  awaitable<> give_back(lease_id lease);
  awaitable<> pause(std::chrono::milliseconds time);
  static awaitable<> sleep(boost::asio::steady_timer& by, clock::duration time);

  /// Asks the current endpoint; moves on to the next where that fails.
  template <class T>
  awaitable<answer<T>> ask(http_client& through, request what,
                           answer<T> (*read)(unsigned status,
                                             std::string_view body)) {
    auto from = current_;
    auto came = co_await through.post(options_.endpoints[from], std::move(what),
                                      patience());
    answer<T> result = failure{came.problem};
    if (came.problem.empty())
      result = read(came.status, came.body);
    if (auto stranger = objection(read_store(came.body)); !stranger.empty())
      result = failure{std::string{stranger}};
    note(from, std::get_if<failure>(&result));
    co_return result;
  }

  /// What came of asking that endpoint; null where it answered well.
  void note(size_t from, const failure* bad);

  /// Why what a store answers is not looked at; empty where it is.
  std::string_view objection(const store& from);

  bool take_step(stay& x, std::string_view line);
  void note_challenges(stay& x, const std::vector<change>& changes);
  void announce(stay& x, const view& now);
  void tell(stay& x);
  void end(stay& x, std::string_view why);
  void extend(clock::time_point sent);
  void wait_for_fence();
  void move_on(size_t from, std::string_view why);
  void wake();

  std::string key() const { return key_of(options_.self.id); }
  std::string key_of(const node_id& who) const;
  std::string nodes_prefix() const { return options_.prefix + "/nodes/"; }
  std::string history_key() const { return options_.prefix + "/history"; }
  /// As etcd counts.
  uint64_t created(parlor::incarnation x) const { return x.value() - offset_; }
  std::string challenges_prefix() const;
  std::string challenges_of(const node_id& who, parlor::incarnation was) const;
  std::chrono::milliseconds patience() const;
  std::chrono::milliseconds pause_after_failure() const;

  const roster_options options_;
  roster_listener& listener_;
  boost::asio::io_context loop_{1};
  /// Of the endpoint that is asked.
  size_t current_ = 0;
  /// So often in a row did an endpoint fail.
  uint64_t failures_ = 0;
  /// What was logged of them since one answered last, by endpoint.
  std::map<size_t, std::string> complaints_;
  /// As etcd granted it.
  std::chrono::milliseconds ttl_;
  node_table table_;
  /// Where etcd's revisions begin, for all nodes: more than 0 where etcd has lost
  /// its own.
  uint64_t offset_ = 0;
  /// The highest revision that this process has known; what comes is higher.
  uint64_t known_ = 0;
  /// Of the last stay, and of the last answer.
  std::string last_cluster_;
  uint64_t answered_ = 0;
  bool stores_differ_ = false;
  accord accord_;
  member_state wanted_ = member_state::active;
  /// Who is to be taken out unless it objects: ids that are in.
  suspects suspects_;
  /// The members as they are known.
  view told_;
  /// As they were when the lease was renewed last, or more: that others are out
  /// is not in it where this node is about to be out, too.
  view certain_;
  boost::asio::steady_timer fence_{loop_};
  boost::asio::steady_timer rest_{loop_};
  stay* now_ = nullptr;
  bool stopping_ = false;
  std::atomic<clock::time_point> lease_{clock::time_point::min()};
  std::thread thread_;
};

} // namespace parlor::etcd
