// SPDX-License-Identifier: MIT
#include "tests/explore/nodes/users_world.hpp"

#include <algorithm>
#include <iterator>
#include <map>
#include <set>
#include <string>
#include <utility>

namespace parlor::explore {

namespace {

constexpr const char* users[] = {"ann", "bob", "cay", "dan", "eve"};

/// Connections that each of them may have.
constexpr size_t most = 3;

/// That a node may have, where it may have few.
constexpr size_t few_connections = 4;

/// A text, unlike the ids of what is said in a room.
std::string id_of_letter(size_t number) {
  return "\"letter " + std::to_string(number) + '"';
}

} // namespace

users_world::users_world(uint64_t seed)
  : nodes_world{seed, seed % 8 == 1 ? 5u : 3u} {
  auto few = draw(4) == 0;
  for (auto& x : nodes) {
    if (few)
      x.env.limits.max_connections = few_connections;
    x.env.limits.max_connections_per_user = most;
    x.env.limits.policy = seed % 2 == 0 ? per_user_policy::evict_oldest
                                        : per_user_policy::reject_new;
  }
}

void users_world::play() {
  auto steps = 200 + draw(600);
  for (size_t i = 0; i < steps; ++i) {
    step();
    follow_all();
    check_places();
  }
  rest();
  follow_all();
}

void users_world::forget_order() {
  for (auto& x : written_)
    x.last_term = SIZE_MAX;
}

void users_world::follow_all() {
  for (auto& x : written_)
    follow(x);
}

const char* users_world::someone() {
  return users[draw(std::size(users))];
}

users_world::client* users_world::any_client() {
  std::vector<client*> all;
  for (auto& one : clients)
    if (one.at != nullptr && !ended(one.handle))
      all.push_back(&one);
  return all.empty() ? nullptr : all[draw(all.size())];
}

void users_world::step() {
  auto dice = draw(40);
  if (dice < 4) {
    if (auto& x = any(); x.running && clients.size() < 40)
      connect_soon(x, someone());
  } else if (dice < 6) {
    if (auto* x = any_client())
      hang_up_soon(*x);
  } else if (dice < 10) {
    write();
  } else if (dice == 10) {
    if (draw(2) == 0)
      blink();
    else
      draw(2) == 0 ? lose_one_way() : hear_of_loss();
  } else if (dice == 11) {
    show_view();
  } else if (dice == 12) {
    fail();
  } else if (dice == 13) {
    bring_back();
  } else if (dice == 14) {
    scheduler().advance_time(peer_pause);
  } else if (dice == 15) {
    hesitate();
  } else if (draw(2) == 0) {
    deliver(draw(20));
  } else {
    handle_one();
  }
}

void users_world::fail() {
  auto dice = draw(32);
  if (dice < 12)
    lose_a_node();
  else if (dice < 16)
    stop_or_go_on();
  else if (dice < 20)
    restart_next();
  else if (dice < 24)
    drain();
  else if (dice < 25)
    lose_all_leases();
}

/// Two at least go on.
bool users_world::may_lose(const node&) {
  return members().members.size() > 2;
}

/// Nobody is heard before being let in.
void users_world::write() {
  auto* by = any_client();
  if (by == nullptr || !by->at->sockets.admitted.contains(by->id))
    return;
  auto number = ++letters_;
  auto text = std::to_string(number);
  user_id to{someone()};
  say_soon(*by, R"({"type":"private","to":")" + to.str() + R"(","content":)"
                  + text + R"(,"id":)" + id_of_letter(number) + "}");
  auto now = term_of(*by->at, to);
  written_.push_back({by, number, to, now, now});
}

/// Of the user's home, as this node knows it.
size_t users_world::term_of(node& x, const user_id& user) {
  auto& known = terms_[{&x, user}];
  auto home = registry_of(x).shared->home_of(user);
  if (known.home != home)
    known = {home, known.number + 1};
  return known.number;
}

/// In which term a letter is answered.
void users_world::follow(sent& x) {
  if (x.done || x.by->at == nullptr)
    return;
  auto& place = *x.by->at;
  listen(*x.by);
  auto open = registry_of(place).shared->is_open(
    x.by->id, request_id{id_of_letter(x.number)});
  x.last_term = term_of(place, x.to);
  if (open)
    x.first_term = x.last_term;
  x.done = !open && (x.seen || answers(x) > 0);
  x.seen = x.seen || open;
}

size_t users_world::answers(const sent& x) const {
  return test::count_of(x.by->heard, R"("id":)" + id_of_letter(x.number));
}

/// Without another view where none is due: with each, homes learn everything
/// anew.
void users_world::rest() {
  mend_nodes();
  settle(70);
}

registry_state& users_world::registry_of(node& x) {
  return state_of<registry_state>(x.core.registry);
}

// -- what has to hold --------------------------------------------------------------

void users_world::check() {
  check_users();
  for (auto& x : nodes)
    if (x.running)
      check_growth(x);
  check_clients();
}

/// No node has more connections than it may, those that wait for a home
/// included.
void users_world::check_places() {
  for (auto& x : nodes) {
    if (!x.running)
      continue;
    auto& registry = registry_of(x);
    if (registry.residents.places() + registry.shared->outside()
        > x.env.limits.max_connections)
      throw violation{x.id.str() + " has more connections than it may"};
  }
}

/// What is kept for others does not grow with what has been.
void users_world::check_growth(node& x) {
  auto& shared = *registry_of(x).shared;
  if (shared.rows().size() != registry_of(x).residents.size())
    throw violation{x.id.str() + " has a table of others than are there"};
  if (shared.shard().held() > 0)
    throw violation{x.id.str() + " holds what was asked for ever"};
  if (!x.unheard.empty())
    throw violation{x.id.str() + " has not heard of a loss"};
}

/// The home of each knows its connections, and there are not too many.
void users_world::check_users() {
  for (std::string name : users) {
    user_id user{name};
    std::vector<std::pair<incarnation, connection_id>> here;
    for (auto& x : nodes)
      if (x.running)
        for (auto id : registry_of(x).residents.connections_of(user))
          here.emplace_back(x.stay, id);
    if (here.size() > most)
      throw violation{name + " has too many connections"};
    auto known = registry_of(home_of(name)).shared->shard().seats_of(user);
    std::ranges::sort(here);
    std::ranges::sort(known);
    if (here != known)
      throw violation{name + " has " + std::to_string(here.size())
                      + " connections, and the home knows "
                      + std::to_string(known.size())};
  }
  for (auto& x : nodes)
    if (x.running && registry_of(x).shared->waiting() > 0)
      throw violation{"somebody waits for ever at " + x.id.str()};
}

void users_world::check_clients() {
  for (auto& one : clients) {
    if (one.at == nullptr)
      continue;
    auto in = test::count_of(one.heard, R"("type":"connected")");
    if (in > 1)
      throw violation{to_string(one.id) + " was let in twice"};
    if (in == 0 && !ended(one.handle))
      throw violation{to_string(one.id) + " was never answered"};
    check_heard(one);
  }
  for (auto& x : written_) {
    if (x.by->at == nullptr || ended(x.by->handle))
      continue;
    if (auto times = answers(x); times != 1)
      throw violation{"letter " + std::to_string(x.number) + " was answered "
                      + std::to_string(times) + " times"};
    count("answered");
  }
}

/// Letters are numbered in the order in which they were written. One that was
/// answered before the home moved may be overtaken by one that was not
/// (docs/decisions/0023-users-of-a-cluster.md).
void users_world::check_heard(const client& x) {
  std::map<connection_id, std::vector<const sent*>> before;
  std::set<size_t> all;
  for (auto& text : x.heard) {
    auto content = text.find(R"("content":)");
    auto sender = text.find(R"("sender":)");
    if (!test::has(text, R"("type":"private")") || sender == text.npos)
      continue;
    auto number = std::stoul(text.substr(content + 10));
    if (!all.insert(number).second)
      throw violation{"letter " + std::to_string(number) + " came twice"};
    auto& letter = *std::ranges::find(written_, number, &sent::number);
    for (auto* other : before[letter.by->id])
      if (other->number > number && other->last_term <= letter.first_term)
        throw violation{"letter " + std::to_string(number) + " came behind "
                        + std::to_string(other->number)};
    before[letter.by->id].push_back(&letter);
    count("letters");
  }
}

} // namespace parlor::explore
