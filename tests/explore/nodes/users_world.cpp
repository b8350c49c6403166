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

} // namespace

users_world::users_world(uint64_t seed) : nodes_world{seed} {
  for (auto& x : nodes) {
    x.env.limits.max_connections_per_user = most;
    x.env.limits.policy = seed % 2 == 0 ? per_user_policy::evict_oldest
                                        : per_user_policy::reject_new;
  }
}

void users_world::play() {
  auto steps = 200 + draw(600);
  for (size_t i = 0; i < steps; ++i) {
    step();
    for (auto& x : written_)
      follow(x);
  }
  rest();
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
    blink();
  } else if (dice == 11) {
    show_view();
  } else if (dice == 12) {
    if (draw(4) == 0)
      die();
  } else if (dice == 13) {
    if (draw(2) == 0)
      lapse(any());
  } else if (dice == 14) {
    scheduler().advance_time(peer_pause);
  } else if (dice == 15) {
    if (auto& x = any(); x.running && !out.contains(x.stay))
      x.is_fenced = draw(2) == 0;
  } else if (draw(2) == 0) {
    deliver(draw(6));
  } else if (!scheduler().jobs.empty()) {
    scheduler().run_once();
  }
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
                  + text + R"(,"id":)" + text + "}");
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
  auto id = std::to_string(x.number);
  auto open = registry_of(place).shared->is_open(x.by->id, request_id{id});
  x.last_term = term_of(place, x.to);
  if (open)
    x.first_term = x.last_term;
  x.done = !open && (x.seen || answers(x) > 0);
  x.seen = x.seen || open;
}

size_t users_world::answers(const sent& x) const {
  auto id = R"("id":)" + std::to_string(x.number);
  return test::count_of(x.by->heard, id + "}")
         + test::count_of(x.by->heard, id + ",");
}

void users_world::die() {
  auto running = std::ranges::count_if(nodes, &node::running);
  if (auto& x = any(); running == 3 && x.running) {
    note("killed", x);
    kill(x);
    unseen_ = true;
  }
}

/// Its lease is gone, and it comes in again: now or later.
void users_world::lapse(node& x) {
  if (!x.running)
    return;
  if (out.insert(x.stay).second) {
    note("lease lost", x);
    x.is_fenced = true;
  } else {
    note("back", x);
    auto before = x.stay;
    expel(x);
    out.erase(before);
    x.is_fenced = false;
  }
  show_view();
}

void users_world::show_view() {
  unseen_ = false;
  publish_view();
}

/// Without another view where none is due: with each, homes learn everything
/// anew.
void users_world::rest() {
  for (auto& x : nodes) {
    if (x.running && out.contains(x.stay))
      lapse(x);
    x.is_fenced = false;
  }
  if (unseen_)
    show_view();
  settle(70);
}

registry_state& users_world::registry_of(node& x) {
  return state_of<registry_state>(x.core.registry);
}

// -- what has to hold --------------------------------------------------------------

void users_world::check() {
  check_users();
  check_clients();
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
