// SPDX-License-Identifier: MIT
#include "tests/actors/replica_world.hpp"

#include <algorithm>
#include <set>

namespace parlor::test {

using namespace replication;

/// One place in the cluster, with what its room was told.
struct replica_world::node final : replica_port {
  node(replica_world& in, size_t at) : world{in}, slot{at} {}

  void send(incarnation to, letter what) override {
    auto* other = world.find(to);
    if (other == nullptr || world.cut_[std::minmax(slot, other->slot)])
      return;
    world.links_[{self, to}].push_back(std::move(what));
  }

  void append(const entry& what) override {
    if (!told.empty() && told.rbegin()->first + 1 != what.at.seq)
      throw wrong{"a hole in what a room was told"};
    told[what.at.seq] = what;
    if (what.at.seq <= known)
      return;
    auto judged = what.what.body.substr(what.what.body.find('@') + 1);
    if (judged != std::to_string(made))
      throw wrong{"judged by another state"};
    made += what.at.seq;
  }

  /// What a home makes of a command depends on all that came before.
  void judge(command& what) override {
    what.body += '@' + std::to_string(made);
  }

  void undo(const entry& what) override {
    ++world.counts_.voided;
    if (told.empty() || told.rbegin()->second.at != what.at)
      throw wrong{"what is undone is not the last"};
    told.erase(std::prev(told.end()));
    made -= what.at.seq;
    known = std::min(known, what.at.seq - 1);
  }

  void skip(const place& to, const std::string& state, uint64_t upto) override {
    ++world.counts_.skipped;
    told.clear();
    made = state.empty() ? 0 : std::stoull(state);
    known = state.empty() ? 0 : upto;
    if (state.empty() && to.seq > 0)
      throw wrong{"begins anew without a state"};
  }

  std::string state() const override { return std::to_string(made); }

  void open(const parlor::epoch& in) override {
    if (in < epoch)
      throw wrong{"an epoch comes back"};
    epoch = in;
  }

  void confirm(uint64_t number, std::optional<place> at) override {
    if (!answered.insert({{acts_as, number}, true}).second)
      throw wrong{"confirmed twice"};
    ++world.counts_.confirmed;
    if (at)
      confirmed[*at] = {acts_as, number};
  }

  void give_up(uint64_t number) override {
    if (!answered.insert({{acts_as, number}, false}).second)
      throw wrong{"given up after it was confirmed"};
    ++world.counts_.given_up;
  }

  bool fenced() const override { return fence || lease_lost; }

  uint64_t next_opening() override { return ++world.openings_; }

  replica_world& world;
  size_t slot;
  incarnation self;
  /// Whose commands are answered: in its first view it gives up its old ones.
  incarnation acts_as;
  bool running = true;
  /// For a while, as a keepalive that is late.
  bool fence = false;
  bool lease_lost = false;
  /// Nothing happens in it, as in a stopped process.
  bool asleep = false;
  /// Which view comes next.
  size_t next_view = 0;
  parlor::epoch epoch;
  std::map<uint64_t, entry> told;
  /// What the entries have made: the sum of their numbers...
  uint64_t made = 0;
  /// ...those up to this one included, whether they were told or not.
  uint64_t known = 0;
  std::map<std::pair<incarnation, uint64_t>, bool> answered;
  std::map<place, std::pair<incarnation, uint64_t>> confirmed;
  size_t submitted = 0;
  std::unique_ptr<replica> room;
};

replica_world::replica_world(uint64_t seed, const chances& how)
  : how_{how}, random_{seed} {
  // Calm ones and wild ones.
  how_.cuts = draw(2) == 0 ? how_.cuts : how_.cuts / 8;
  how_.losses = draw(2) == 0 ? how_.losses : how_.losses / 4;
  submits_ = 20 + draw(200);
  views_slow_ = draw(2) == 0 ? 20 : 100;
  for (size_t slot = 0; slot < how_.nodes; ++slot)
    enter(slot);
}

replica_world::~replica_world() = default;

uint64_t replica_world::draw(uint64_t below) {
  return random_() % below;
}

/// Rendezvous, so that a home stays while it can.
roles replica_world::roles_in(const view& x) const {
  roles result{x.revision, {}, {}, {}};
  std::vector<std::pair<uint64_t, incarnation>> order;
  for (auto& [slot, who] : x.members) {
    order.push_back({(slot * 7919 + 13) * 104729 % 1009, who});
    result.members.push_back(who);
  }
  std::ranges::sort(order, std::greater{});
  if (!order.empty())
    result.home = order[0].second;
  if (order.size() > 1)
    result.standby = order[1].second;
  return result;
}

replica_world::node* replica_world::find(incarnation who) {
  for (auto& x : nodes_)
    if (x->running && x->self == who)
      return x.get();
  return nullptr;
}

void replica_world::publish_view(std::map<size_t, incarnation> members) {
  auto revision = views_.empty() ? 1 : views_.back().revision + 1 + draw(3);
  views_.push_back({revision, std::move(members)});
}

/// A node comes in, with another incarnation; it begins with the view in which
/// it is.
void replica_world::enter(size_t slot) {
  auto members = views_.empty() ? std::map<size_t, incarnation>{}
                                : views_.back().members;
  auto found = std::ranges::find_if(
    nodes_, [&](auto& x) { return x->running && x->slot == slot; });
  if (found == nodes_.end()) {
    nodes_.push_back(std::make_unique<node>(*this, slot));
    found = std::prev(nodes_.end());
    (*found)->room = std::make_unique<replica>(**found, how_.within);
  }
  auto& x = **found;
  x.self = incarnation{++last_};
  members[slot] = x.self;
  publish_view(std::move(members));
  x.lease_lost = false;
  x.next_view = views_.size() - 1;
  take_view(x);
}

void replica_world::take_view(node& x) {
  if (x.next_view == views_.size())
    return;
  x.room->sit(x.self, roles_in(views_[x.next_view++]));
  x.acts_as = x.self;
}

void replica_world::deliver_one() {
  std::vector<std::deque<letter>*> full;
  std::vector<std::pair<incarnation, incarnation>> ends;
  for (auto& [between, queue] : links_)
    if (!queue.empty() && !stalled_[between] && !sleeps(between.second)) {
      full.push_back(&queue);
      ends.push_back(between);
    }
  if (full.empty())
    return;
  auto which = draw(full.size());
  auto what = std::move(full[which]->front());
  full[which]->pop_front();
  if (auto* to = find(ends[which].second))
    to->room->hear(ends[which].first, std::move(what));
}

bool replica_world::sleeps(incarnation who) {
  auto* x = find(who);
  return x != nullptr && x->asleep;
}

/// A link becomes slow or fast, or a node stops or goes on.
void replica_world::toggle_stall() {
  auto& x = *nodes_[draw(nodes_.size())];
  auto& y = *nodes_[draw(nodes_.size())];
  if (draw(3) == 0)
    x.asleep = !x.asleep;
  else if (x.running && y.running)
    stalled_[{x.self, y.self}] = !stalled_[{x.self, y.self}];
}

void replica_world::submit_one() {
  auto& x = *nodes_[draw(nodes_.size())];
  if (x.running && !x.asleep && x.room->submit(std::to_string(++bodies_)))
    ++x.submitted;
}

void replica_world::toggle_link() {
  auto a = draw(how_.nodes);
  auto b = draw(how_.nodes);
  if (a == b)
    return;
  auto& cut = cut_[std::minmax(a, b)];
  cut = !cut;
  for (auto& x : nodes_)
    for (auto& y : nodes_)
      if (x->running && y->running
          && std::minmax(x->slot, y->slot) == std::minmax<size_t>(a, b)
          && x->slot != y->slot) {
        links_[{x->self, y->self}].clear();
        x->room->lose_link(y->self);
      }
}

/// Whether home and standby have all that was confirmed before this view: only
/// who loses both at once may lose what was confirmed.
bool replica_world::is_safe() const {
  auto now = roles_in(views_.back());
  auto running = [](incarnation who) {
    return [who](auto& x) { return x->running && x->self == who; };
  };
  auto home = std::ranges::find_if(nodes_, running(now.home));
  auto standby = std::ranges::find_if(nodes_, running(now.standby));
  return home != nodes_.end() && standby != nodes_.end()
         && (*home)->room->leads()
         && (*home)->room->established() == now.revision;
}

/// A node dies, or loses its lease and does not know it yet.
void replica_world::lose_one() {
  if (!is_safe())
    return;
  auto members = views_.back().members;
  auto which = std::next(members.begin(),
                         static_cast<long>(draw(members.size())));
  auto* lost = find(which->second);
  members.erase(which);
  ++counts_.lost_nodes;
  if (draw(2) == 0) {
    lost->running = false;
    for (auto& x : nodes_)
      if (x->running) {
        x->room->lose_link(lost->self);
        links_[{x->self, lost->self}].clear();
        links_[{lost->self, x->self}].clear();
      }
  } else {
    lost->lease_lost = true;
  }
  publish_view(std::move(members));
}

/// Whoever is not in comes in again.
void replica_world::bring_back() {
  auto slot = draw(how_.nodes);
  if (!views_.back().members.contains(slot))
    enter(slot);
}

void replica_world::step() {
  auto dice = draw(1000);
  auto& any = *nodes_[draw(nodes_.size())];
  if (dice < how_.cuts)
    toggle_link();
  else if ((dice -= how_.cuts) < how_.losses)
    lose_one();
  else if ((dice -= how_.losses) < how_.fences)
    any.fence = !any.fence;
  else if ((dice -= how_.fences) < how_.stalls)
    toggle_stall();
  else if ((dice -= how_.stalls) < 20)
    bring_back();
  else if ((dice -= 20) < submits_)
    submit_one();
  else if ((dice -= submits_) < 60 && any.running && !any.asleep
           && any.room->restless())
    any.room->tick();
  else if ((dice - 60) < views_slow_ && any.running && !any.asleep)
    take_view(any);
  else
    deliver_one();
}

void replica_world::run(size_t steps) {
  for (size_t i = 0; i < steps; ++i)
    step();
}

void replica_world::settle_and_check() {
  for (auto& [between, cut] : cut_)
    cut = false;
  stalled_.clear();
  for (auto& x : nodes_)
    x->asleep = false;
  for (size_t slot = 0; slot < how_.nodes; ++slot)
    if (!views_.back().members.contains(slot))
      enter(slot);
  constexpr size_t rounds = 60;
  for (size_t i = 0; i < rounds; ++i) {
    for (auto& x : nodes_) {
      x->fence = false;
      while (x->running && x->next_view < views_.size())
        take_view(*x);
    }
    while (
      std::ranges::any_of(links_, [](auto& x) { return !x.second.empty(); }))
      deliver_one();
    for (auto& x : nodes_)
      if (x->running && x->room->restless())
        x->room->tick();
  }
  const node* home = find(roles_in(views_.back()).home);
  for (auto& x : nodes_)
    check_node(*x, *home);
}

void replica_world::check_node(node& x, const node& home) {
  if (x.running) {
    if (!x.room->joined() || x.room->log().last() != home.room->log().last())
      throw wrong{"a replica is left behind"};
    if (x.answered.size() != x.submitted)
      throw wrong{"a command is never answered"};
    if (x.room->confirmed() != x.room->log().seq())
      throw wrong{"something stays unconfirmed"};
    for (auto& [seq, what] : x.told)
      if (home.told.contains(seq) && home.told.at(seq).at != what.at)
        throw wrong{"two orders"};
    std::map<producer, uint64_t> last;
    for (auto& [seq, what] : x.told)
      if (what.what.number
          <= std::exchange(last[what.what.from], what.what.number))
        throw wrong{"twice, or out of its producer's order"};
  }
  for (auto& [at, which] : x.confirmed) {
    auto found = home.told.find(at.seq);
    if (home.room->log().seq() < at.seq)
      throw wrong{"a confirmed command is gone from the end"};
    if (found != home.told.end()
        && (found->second.at != at
            || found->second.what.from.node != which.first
            || found->second.what.number != which.second))
      throw wrong{"a confirmed command is gone"};
  }
}

} // namespace parlor::test
