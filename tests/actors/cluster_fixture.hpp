// SPDX-License-Identifier: MIT
#pragma once

#include "actors/cluster.hpp"
#include "actors/connection.hpp"
#include "actors/directory.hpp"
#include "actors/node.hpp"
#include "actors/room.hpp"
#include "tests/actors/heard.hpp"
#include "tests/support/actor_fixture.hpp"

#include <algorithm>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace parlor::test {

/// Some nodes with all their actors in one process; sockets, links and the
/// roster are stubs. Envelopes between two nodes arrive in order, when the test
/// lets them.
struct cluster_fixture : actor_fixture {
  struct node;

  /// The way from one node to another.
  struct stub_link final : link {
    const node_id& peer() const noexcept override { return from; }
    incarnation stay() const noexcept override { return at; }
    uint32_t version() const noexcept override { return 1; }
    bool send(envelope) override { return false; }
    void taken(uint64_t) override {}

    node_id from;
    incarnation at;
  };

  struct stub_peers final : peers {
    explicit stub_peers(cluster_fixture& of, node& at) : in{of}, self{at} {}

    bool send(incarnation as, incarnation to, const envelope& what) override {
      return as == self.stay && in.post(self, to, what);
    }
    bool send_in_order(incarnation as, incarnation to,
                       const envelope& what) override {
      return !self.unheard.contains(to) && send(as, to, what);
    }
    void know_lost(incarnation to) override {
      if (auto found = self.unheard.find(to); found != self.unheard.end())
        self.unheard.erase(found);
    }
    bool fenced(incarnation as) const override {
      return self.is_fenced || as != self.stay;
    }
    uint64_t next_opening() override { return ++openings; }
    void note_room(uint64_t room, uint64_t revision) override {
      rooms[room] = revision;
    }
    void forget_room(uint64_t room) override { rooms.erase(room); }
    bool caught_up() override { return self.has_caught_up; }

    cluster_fixture& in;
    node& self;
    uint64_t openings = 0;
    /// Since which view the home and the standby of each have all of it.
    std::map<uint64_t, uint64_t> rooms;
  };

  struct node {
    node_id id;
    incarnation stay;
    bool running = true;
    bool is_fenced = false;
    bool is_draining = false;
    bool has_caught_up = true;
    /// Lost links of which its registry has not heard yet.
    std::multiset<incarnation> unheard = {};
    environment env;
    stub_outboxes sockets;
    core_actors core;
  };

  struct client {
    node* at = nullptr;
    connection_id id;
    connection_actor handle;
    /// All that it was sent.
    texts heard;
  };

  explicit cluster_fixture(size_t count = 3) {
    for (size_t i = 0; i < count; ++i) {
      auto& made = nodes.emplace_back();
      made.id = node_id{name_of(i)};
      made.stay = incarnation{++stays};
      made.env.limits = env.limits;
      made.env.limits.messages_per_second = 0;
      made.env.now = env.now;
      made.env.revision = 1;
      made.env.node = made.id.str();
      made.env.threads.push_back({nullptr, &made.sockets});
      made.env.peers = std::make_shared<stub_peers>(*this, made);
      made.core = spawn_core(system, made.env);
    }
    publish_view();
    settle();
  }

  /// Nothing may be left that knows a node.
  virtual ~cluster_fixture() {
    muted = true;
    for (auto& one : clients)
      caf::anon_send_exit(one.handle, caf::exit_reason::user_shutdown);
    for (auto& x : nodes)
      end_core(x);
    run();
    advance(std::chrono::hours{1});
  }

  /// a, b, c… and, where there are many, node-26, node-27…
  static std::string name_of(size_t i) {
    return i < 26 ? std::string(1, static_cast<char>('a' + i))
                  : "node-" + std::to_string(i);
  }

  /// Handles messages until there are none that may be.
  virtual void run() { actor_fixture::run(); }

  // -- the cluster ----------------------------------------------------------------

  node* find(incarnation stay) {
    for (auto& x : nodes)
      if (x.running && x.stay == stay)
        return &x;
    return nullptr;
  }

  bool post(node& from, incarnation to, const envelope& what) {
    auto* other = find(to);
    if (muted || !from.running || other == nullptr
        || cut.contains({from.stay, to}))
      return false;
    roads[{from.stay, to}].push_back(what);
    return true;
  }

  /// All who are in see who is in.
  void publish_view() {
    view now{++revision, {}};
    for (auto& x : nodes)
      if (x.running && !out.contains(x.stay))
        now.members.push_back(member_of(x));
    for (auto& x : nodes)
      if (x.running && !out.contains(x.stay)) {
        auto seats = std::make_shared<seating>();
        seats->self = x.stay;
        seats->now = now;
        seats->where = placement{now};
        caf::anon_send(x.core.cluster, view_change{seats});
      }
  }

  /// A node is told that it is out; it comes in again as another one.
  void expel(node& x) {
    lose_links(x);
    caf::anon_send(x.core.cluster, view_change{std::make_shared<seating>()});
    x.stay = incarnation{++stays};
  }

  void lose_links(node& x) {
    for (auto& other : nodes)
      if (other.running && &other != &x) {
        roads.erase({x.stay, other.stay});
        roads.erase({other.stay, x.stay});
        lose_link(other, x);
        if (x.running)
          lose_link(x, other);
      }
  }

  /// A node's link to another is lost, and its actors will be told so.
  void lose_link(node& at, const node& to) {
    at.unheard.insert(to.stay);
    caf::anon_send(at.core.cluster, peer_down{to.id, to.stay});
  }

  /// Its process is gone.
  void kill(node& x) {
    x.running = false;
    lose_links(x);
    for (auto& one : clients)
      if (one.at == &x) {
        caf::anon_send_exit(one.handle, caf::exit_reason::user_shutdown);
        one.at = nullptr;
      }
    end_core(x);
    run();
  }

  /// Another process at its place, which has heard of everything.
  void start(node& x) {
    x.running = true;
    x.is_draining = x.is_fenced = false;
    x.unheard.clear();
    x.stay = incarnation{++stays};
    x.env.peers = std::make_shared<stub_peers>(*this, x);
    x.core = spawn_core(system, x.env);
  }

  void end_core(node& x) {
    constexpr auto reason = caf::exit_reason::user_shutdown;
    caf::anon_send_exit(x.core.directory, reason);
    caf::anon_send_exit(x.core.registry, reason);
    caf::anon_send_exit(x.core.admin, reason);
    caf::anon_send_exit(x.core.cluster, reason);
  }

  static member member_of(const node& x) {
    return {x.id, x.stay, "", 1,
            x.is_draining ? member_state::draining : member_state::active};
  }

  /// Lets one envelope arrive; false where none is on its way.
  bool deliver(size_t which = 0) {
    std::vector<std::pair<incarnation, incarnation>> busy;
    for (auto& [road, queue] : roads)
      if (!queue.empty() && !held.contains(road))
        busy.push_back(road);
    if (busy.empty())
      return false;
    arrive(busy[which % busy.size()]);
    return true;
  }

  /// The next envelope of those that are on this way.
  void arrive(const std::pair<incarnation, incarnation>& road) {
    auto what = std::move(roads[road].front());
    roads[road].pop_front();
    auto* to = find(road.second);
    if (to == nullptr)
      return;
    auto by = std::make_shared<stub_link>();
    by->at = road.first;
    caf::anon_send(to->core.cluster, peer_frame{by, road.first, 1, {what}});
  }

  /// Until nothing happens any more but by timers.
  void deliver_all() {
    do
      run();
    while (deliver());
  }

  /// Until nothing happens any more; timers fire so often.
  void settle(int beats = 8) {
    for (int i = 0; i <= beats; ++i) {
      deliver_all();
      if (i < beats)
        scheduler().advance_time(std::chrono::milliseconds{100});
    }
    for (auto& one : clients)
      listen(one);
  }

  // -- clients ----------------------------------------------------------------------

  client& connect_soon(node& at, const char* user,
                       std::vector<const char*> rooms = {},
                       dialect speaks = dialect::typed) {
    auto& made = clients.emplace_back();
    made.at = &at;
    made.id = id_of(0, uint32_t(clients.size()));
    handshake hello;
    hello.id = made.id;
    hello.user = user_id{user};
    hello.speaks = speaks;
    for (auto one : rooms)
      hello.rooms.emplace_back(one);
    made.handle = spawn_connection(system, at.env, at.core, hello);
    return made;
  }

  client& connect(node& at, const char* user,
                  std::vector<const char*> rooms = {},
                  dialect speaks = dialect::typed) {
    auto& made = connect_soon(at, user, std::move(rooms), speaks);
    settle();
    return made;
  }

  void say_soon(client& who, const std::string& text) {
    caf::anon_send(who.handle, client_frame{text});
  }

  void say(client& who, const std::string& text) {
    say_soon(who, text);
    settle();
  }

  /// So much that homes do not keep what was said in that room before.
  void say_much(client& who, const std::string& room) {
    for (int i = 0; i < 1500; ++i) {
      say_soon(who, chat_of(room, std::to_string(i)));
      deliver_all();
    }
    settle();
  }

  static std::string chat_of(const std::string& room,
                             const std::string& content,
                             const std::string& more = "") {
    return R"({"type":"chat","room":")" + room + R"(","content":)" + content
           + more + "}";
  }

  void hang_up_soon(const client& who) {
    caf::anon_send(who.handle,
                   socket_closed{close_code::abnormal, "", departure::closed});
  }

  void hang_up(const client& who) {
    hang_up_soon(who);
    settle();
  }

  void listen(client& who) {
    if (who.at == nullptr)
      return;
    for (auto& text : who.at->sockets.take(who.id))
      who.heard.push_back(std::move(text));
  }

  /// What it was sent since the last call.
  texts take(client& who) { return std::exchange(who.heard, {}); }

  /// Whether somebody who comes into room r there is told of it.
  bool knows_presence(node& x, const char* data) {
    auto& one = connect(x, "guest");
    take(one);
    say(one, R"({"type":"join","room":"r","presence":true,"id":1})");
    auto known = count_of(take(one), data) == 1;
    hang_up(one);
    return known;
  }

  node& at(size_t i) { return nodes[i]; }

  node& named(const node_id& id) {
    return *std::ranges::find_if(nodes, [&](auto& x) { return x.id == id; });
  }

  /// Where a room lives, of all that run.
  node& home_of(const std::string& room) {
    return named(*placement{members()}.of(room).home);
  }

  node& standby_of(const std::string& room) {
    return named(*placement{members()}.of(room).standby);
  }

  /// Neither of the two, of three nodes.
  node& bystander_of(const std::string& room) {
    return *std::ranges::find_if(nodes, [&](auto& x) {
      return &x != &home_of(room) && &x != &standby_of(room);
    });
  }

  view members() const {
    view result;
    for (auto& x : nodes)
      if (x.running && !out.contains(x.stay))
        result.members.push_back(member_of(x));
    return result;
  }

  /// Whether home and standby have all of each room there, since the last view.
  bool is_settled(node& x) {
    auto& peers = dynamic_cast<stub_peers&>(*x.env.peers);
    return std::ranges::all_of(
      peers.rooms, [this](auto& one) { return one.second == revision; });
  }

  size_t rooms_at(node& x) {
    return state_of<directory_state>(x.core.directory).rooms.size();
  }

  std::deque<node> nodes;
  std::deque<client> clients;
  std::map<std::pair<incarnation, incarnation>, std::deque<envelope>> roads;
  std::set<std::pair<incarnation, incarnation>> cut;
  /// Where nothing arrives for now.
  std::set<std::pair<incarnation, incarnation>> held;
  /// Who has lost its lease and does not know it.
  std::set<incarnation> out;
  uint64_t stays = 0;
  uint64_t revision = 0;
  bool muted = false;
};

} // namespace parlor::test
