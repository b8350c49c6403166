// SPDX-License-Identifier: MIT
#include "actors/registry.hpp"
#include "tests/actors/cluster_fixture.hpp"
#include "tests/support/catch.hpp"

#include <random>

using namespace parlor;
using namespace parlor::test;

namespace {

/// Three nodes to which everything may happen between any two steps.
struct unrest : cluster_fixture {
  struct sent {
    client* by;
    size_t number;
  };

  explicit unrest(unsigned seed) : random{seed} {
    for (auto& x : nodes) {
      x.env.limits.max_connections_per_user = 3;
      x.env.limits.policy = seed % 2 == 0 ? per_user_policy::evict_oldest
                                          : per_user_policy::reject_new;
    }
  }

  size_t draw(size_t below) { return random() % below; }

  node& any() { return nodes[draw(nodes.size())]; }

  const char* someone() {
    static const char* const users[] = {"ann", "bob", "cay", "dan", "eve"};
    return users[draw(std::size(users))];
  }

  client* any_client() {
    std::vector<client*> all;
    for (auto& one : clients)
      if (one.at != nullptr && !ended(one.handle))
        all.push_back(&one);
    return all.empty() ? nullptr : all[draw(all.size())];
  }

  void write() {
    auto* by = any_client();
    // Nobody is heard before being let in.
    if (by == nullptr || !by->at->sockets.admitted.contains(by->id))
      return;
    auto number = ++letters;
    auto text = std::to_string(number);
    say_soon(*by, R"({"type":"private","to":")" + std::string{someone()}
                    + R"(","content":)" + text + R"(,"id":)" + text + "}");
    written.push_back({by, number});
  }

  /// The link between two nodes is lost, and there again.
  void blink(node& x, node& y) {
    if (&x == &y || !x.running || !y.running)
      return;
    roads.erase({x.stay, y.stay});
    roads.erase({y.stay, x.stay});
    caf::anon_send(x.core.cluster, peer_down{y.id, y.stay});
    caf::anon_send(y.core.cluster, peer_down{x.id, x.stay});
  }

  void die() {
    auto running = std::ranges::count_if(nodes, &node::running);
    if (auto& x = any(); running == 3 && x.running)
      kill(x);
  }

  /// Its lease is gone, and it comes in again: now or later.
  void lapse(node& x) {
    if (!x.running)
      return;
    if (out.insert(x.stay).second) {
      x.is_fenced = true;
    } else {
      auto before = x.stay;
      expel(x);
      out.erase(before);
      x.is_fenced = false;
    }
    publish_view();
  }

  void step() {
    switch (draw(40)) {
      case 0:
      case 1:
      case 2:
      case 3:
        if (auto& x = any(); x.running && clients.size() < 40)
          connect_soon(x, someone());
        break;
      case 4:
      case 5:
        if (auto* x = any_client())
          hang_up_soon(*x);
        break;
      case 6:
      case 7:
      case 8:
      case 9:
        write();
        break;
      case 10:
        blink(any(), any());
        break;
      case 11:
        publish_view();
        break;
      case 12:
        if (draw(4) == 0)
          die();
        break;
      case 13:
        if (draw(2) == 0)
          lapse(any());
        break;
      case 14:
        scheduler().advance_time(peer_pause);
        break;
      case 15:
        if (auto& x = any(); x.running && !out.contains(x.stay))
          x.is_fenced = draw(2) == 0;
        break;
      default:
        if (draw(2) == 0)
          deliver(draw(6));
        else if (!scheduler().jobs.empty())
          scheduler().run_once();
    }
  }

  void rest() {
    for (auto& x : nodes) {
      if (x.running && out.contains(x.stay))
        lapse(x);
      x.is_fenced = false;
    }
    publish_view();
    settle(70);
  }

  registry_state& registry_of(node& x) {
    return state_of<registry_state>(x.core.registry);
  }

  using seats = std::vector<std::pair<incarnation, connection_id>>;

  void check_users() {
    for (auto* name : {"ann", "bob", "cay", "dan", "eve"}) {
      CAPTURE(name);
      user_id user{name};
      seats here;
      for (auto& x : nodes)
        if (x.running)
          for (auto id : registry_of(x).residents.connections_of(user))
            here.emplace_back(x.stay, id);
      CHECK(here.size() <= 3);
      auto known = registry_of(home_of(name)).shared->shard().seats_of(user);
      std::ranges::sort(here);
      std::ranges::sort(known);
      CHECK(here == known);
    }
    for (auto& x : nodes)
      if (x.running)
        CHECK(registry_of(x).shared->waiting() == 0);
  }

  void check_clients() {
    for (auto& one : clients) {
      if (one.at == nullptr)
        continue;
      CAPTURE(to_string(one.id), one.heard);
      auto in = count_of(one.heard, R"("type":"connected")");
      CHECK(in <= 1);
      CHECK((in == 1 || ended(one.handle)));
      check_heard(one);
    }
    for (auto& x : written) {
      if (x.by->at == nullptr || ended(x.by->handle))
        continue;
      auto id = R"("id":)" + std::to_string(x.number) + "}";
      auto id_then = R"("id":)" + std::to_string(x.number) + ",";
      CAPTURE(x.number, x.by->heard);
      CHECK(count_of(x.by->heard, id) + count_of(x.by->heard, id_then) == 1);
    }
  }

  /// Letters are numbered in the order in which they were written.
  void check_heard(const client& x) {
    std::map<std::string, size_t> last;
    for (auto& text : x.heard) {
      auto content = text.find(R"("content":)");
      auto sender = text.find(R"("sender":)");
      if (!has(text, R"("type":"private")") || sender == text.npos)
        continue;
      auto number = std::stoul(text.substr(content + 10));
      auto& writer = *std::ranges::find(written, number, &sent::number)->by;
      auto& before = last[to_string(writer.id)];
      CHECK(before < number);
      before = number;
    }
  }

  std::mt19937 random;
  size_t letters = 0;
  std::vector<sent> written;
};

} // namespace

TEST_CASE("users agree at rest, whatever happened to the nodes", "[users]") {
  for (unsigned seed = 1; seed <= 150; ++seed) {
    CAPTURE(seed);
    unrest world{seed};
    auto steps = 200 + world.draw(600);
    for (size_t i = 0; i < steps; ++i)
      world.step();
    world.rest();
    world.check_users();
    world.check_clients();
  }
}
