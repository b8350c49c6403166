// SPDX-License-Identifier: MIT
#include "tests/explore/nodes/nodes_world.hpp"

#include <algorithm>

// What happens to nodes and to what is between them.
namespace parlor::explore {

// -- links -------------------------------------------------------------------------

/// Some of what is on this way.
void nodes_world::let_arrive(const node& from, const node& to) {
  std::pair road{from.stay, to.stay};
  if (held.contains(road))
    return;
  for (auto many = draw(roads[road].size() + 1); many > 0; --many)
    arrive(road);
}

void nodes_world::blink() {
  auto& x = any();
  auto& y = any();
  if (!x.running || !y.running || &x == &y)
    return;
  note("link lost", x);
  note("link lost", y);
  let_arrive(x, y);
  let_arrive(y, x);
  roads.erase({x.stay, y.stay});
  roads.erase({y.stay, x.stay});
  lose_link(x, y);
  lose_link(y, x);
}

void nodes_world::lose_one_way() {
  auto& x = any();
  auto& y = any();
  std::pair between{x.stay, y.stay};
  if (!x.running || !y.running || &x == &y || held.contains(between)
      || cut.contains(between))
    return;
  note("one way lost", x);
  note("to", y);
  let_arrive(x, y);
  roads.erase(between);
  held.insert(between);
  cut.insert({y.stay, x.stay});
  lose_link(y, x);
  half_.push_back({&x, &y, between});
}

void nodes_world::hear_of_loss() {
  if (half_.empty())
    return;
  auto which = half_.begin() + static_cast<long>(draw(half_.size()));
  auto x = *which;
  half_.erase(which);
  hear_of_loss(x);
}

/// What was said into the link is gone; the next one is up.
void nodes_world::hear_of_loss(const half_link& x) {
  auto [from, to] = x.between;
  held.erase({from, to});
  cut.erase({to, from});
  if (!x.silent->running || !x.lost_by->running || x.silent->stay != from
      || x.lost_by->stay != to)
    return;
  note("heard of", *x.silent);
  let_arrive(*x.lost_by, *x.silent);
  roads.erase({from, to});
  roads.erase({to, from});
  lose_link(*x.silent, *x.lost_by);
}

// -- nodes -------------------------------------------------------------------------

void nodes_world::show_view() {
  unseen_ = false;
  publish_view();
}

void nodes_world::end(node& x, const std::string& how) {
  note(how, x);
  if (&x == asleep_)
    asleep_ = nullptr;
  kill(x);
  unseen_ = true;
}

/// A lease counts time also while the machine stands still; who is evicted may
/// not know it yet.
void nodes_world::lose_a_node() {
  auto& x = any();
  if (!is_in(x) || !may_lose(x))
    return;
  before_loss(x);
  // Who is evicted does not know it yet: it must not decide alone.
  auto alone = std::ranges::count_if(
                 nodes,
                 [this](auto& one) { return is_in(one) && !one.is_draining; })
               < 2;
  auto how = draw(8);
  if (how < 4) {
    end(x, "killed");
    if (draw(8) == 0) {
      start(x);
      note("started at once", x);
    }
    if (draw(4) == 0)
      return;
  } else {
    before_absence(x);
    out.insert(x.stay);
    if (how == 4 && !alone) {
      note("evicted", x);
    } else if (how == 5 && asleep_ == nullptr) {
      note("suspended", x);
      x.is_fenced = true;
      asleep_ = &x;
    } else {
      note("lease lost", x);
      x.is_fenced = true;
    }
  }
  show_view();
}

void nodes_world::stop_or_go_on() {
  if (asleep_ != nullptr) {
    if (is_in(*asleep_))
      wake();
    return;
  }
  if (auto& x = any(); is_in(x)) {
    note("stopped", x);
    asleep_ = &x;
  }
}

void nodes_world::wake() {
  note("goes on", *asleep_);
  asleep_ = nullptr;
}

/// As another one.
void nodes_world::come_back(node& x) {
  note("back", x);
  auto before = x.stay;
  expel(x);
  out.erase(before);
  x.is_fenced = false;
  show_view();
}

void nodes_world::bring_back() {
  auto& x = any();
  if (!x.running) {
    start(x);
    note("started", x);
    show_view();
  } else if (&x == asleep_) {
    if (!is_in(x))
      wake();
  } else if (!is_in(x)) {
    come_back(x);
  }
}

void nodes_world::some_steps() {
  for (auto i = draw(40); i > 0; --i)
    if (draw(3) == 0)
      deliver(draw(100));
    else
      handle_one();
}

/// Nobody goes on before as many are in again (`cluster/etcd/remnant`).
void nodes_world::lose_all_leases() {
  auto well = [&](auto& x) {
    return &x != asleep_ && (!x.running || is_in(x));
  };
  if (!std::ranges::all_of(nodes, well))
    return;
  count("outage");
  for (auto& x : nodes)
    if (x.running) {
      note("lease lost", x);
      before_absence(x);
      x.is_fenced = true;
      out.insert(x.stay);
    }
  some_steps();
  for (auto& x : nodes)
    if (x.running) {
      expel(x);
      some_steps();
    }
  for (auto& x : nodes)
    x.is_fenced = false;
  out.clear();
  show_view();
}

void nodes_world::drain() {
  auto& x = any();
  if (!is_in(x) || &x == restarting_)
    return;
  x.is_draining = !x.is_draining;
  note(x.is_draining ? "drained" : "not drained", x);
  show_view();
}

void nodes_world::hesitate() {
  auto& x = any();
  if (!is_in(x))
    return;
  x.is_fenced = !x.is_fenced;
  note(x.is_fenced ? "fenced" : "not fenced", x);
}

/// Whether home and standby of each room there have all of it, since a view.
bool nodes_world::has_custody(node& x, uint64_t since) {
  return std::ranges::all_of(
    rooms_of(x), [since](auto& one) { return one.second >= since; });
}

/// Whether a node that drains may end. Two others have all of its rooms then, so
/// that one of them may be lost before anybody sees it. Where all drain it may be
/// one of the two itself, and does not end as planned while it is the only one.
bool nodes_world::may_end(node& x) {
  auto all = members().members;
  if (all.size() < 2 || !has_custody(x, revision))
    return false;
  if (rooms_of(x).empty() || is_kept_without(x))
    return true;
  auto drains = [](auto& one) { return one.state == member_state::draining; };
  if (!std::ranges::all_of(all, drains))
    throw violation{"nobody has what " + x.id.str() + " has handed over"};
  return false;
}

void nodes_world::restart_next() {
  if (restarting_ == nullptr) {
    auto& x = any();
    if (unseen_ || asleep_ != nullptr || !is_in(x) || x.is_draining
        || members().members.size() < 2)
      return;
    restarting_ = &x;
    x.is_draining = true;
    note("to be restarted", x);
    show_view();
    return;
  }
  auto& x = *restarting_;
  if (!is_in(x) || &x == asleep_) {
    restarting_ = nullptr;
  } else if (x.is_draining) {
    if (!may_end(x))
      return;
    before_loss(x);
    end(x, "restarted");
    start(x);
    show_view();
    restarted_in_ = revision;
  } else if (has_custody(x, restarted_in_)) {
    // It is ready.
    note("ready", x);
    restarting_ = nullptr;
    if (draw(3) > 0)
      restart_next();
  }
}

void nodes_world::mend_nodes() {
  if (asleep_ != nullptr)
    wake();
  while (!half_.empty())
    hear_of_loss();
  held.clear();
  cut.clear();
  for (auto& x : nodes) {
    x.is_fenced = x.running && out.contains(x.stay);
    if (x.is_fenced)
      come_back(x);
  }
  if (unseen_)
    show_view();
}

} // namespace parlor::explore
