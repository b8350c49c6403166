// SPDX-License-Identifier: MIT
#include "tests/actors/replica_world.hpp"

#include <algorithm>

namespace parlor::test {

using namespace replication;

namespace {

bool contains(const std::vector<incarnation>& all, incarnation one) {
  return std::ranges::find(all, one) != all.end();
}

} // namespace

/// One place in the cluster, with what its room was told.
struct replica_world::node final : replica_port {
  node(replica_world& in, size_t at) : world{in}, slot{at} {}

  void send(incarnation to, letter what) override {
    if (auto* x = std::get_if<resume>(&what);
        x != nullptr && !resumed[to].insert(x->number).second)
      throw wrong{"a promise is answered twice over one link"};
    auto* other = world.find(to);
    if (other == nullptr || world.is_cut(slot, other->slot))
      unreached.insert(to);
    else
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
    if (!answered.insert({{acts_as, number + before}, true}).second)
      throw wrong{"confirmed twice"};
    ++world.counts_.confirmed;
    if (at)
      confirmed[*at] = {acts_as, number};
  }

  void give_up(uint64_t number) override {
    if (!answered.insert({{acts_as, number + before}, false}).second)
      throw wrong{"given up after it was confirmed"};
    ++world.counts_.given_up;
  }

  bool fenced() const override { return fence || lease_lost; }

  uint64_t next_opening() override { return ++world.openings_; }

  roles assigned() const { return world.roles_in(world.views_[next_view - 1]); }

  bool is_in() const { return contains(assigned().members, self); }

  /// Whether others count on this node, whoever is in.
  bool takes_part() const {
    auto now = assigned();
    return is_in() && (now.home == self || now.standby == self);
  }

  void open_room() {
    told.clear();
    made = known = 0;
    epoch = {};
    before += submitted_here;
    submitted_here = 0;
    room = std::make_unique<replica>(*this, world.how_.within);
    room->sit(self, assigned());
  }

  /// Does something with its room, and then what is due.
  template <class F>
  void turn(F f) {
    if (room)
      f(*room);
    settle();
  }

  void settle() {
    if (room)
      for (auto who : std::exchange(unreached, {})) {
        resumed.erase(who);
        room->lose_link(who);
      }
    unreached.clear();
    if (!room || occupied || !room->is_in() || !room->may_step_out())
      return;
    ++world.counts_.ended;
    room->step_out();
    room.reset();
    unreached.clear();
  }

  void hear(incarnation from, letter what) {
    if (!room && takes_part())
      open_room();
    if (room)
      turn([&](replica& x) { x.hear(from, std::move(what)); });
    else if (is_in() && is_of_home(what))
      send(from, promise{assigned().revision, 0, 0, false, {}});
  }

  /// Somebody comes in, or the last one goes.
  void visit() {
    if (!running || asleep || next_view == 0)
      return;
    occupied = !occupied;
    if (occupied && !room)
      open_room();
    settle();
  }

  void lose(incarnation link_to) {
    resumed.erase(link_to);
    turn([&](replica& x) { x.lose_link(link_to); });
  }

  void tick() {
    if (running && !asleep && room && room->restless())
      turn([](replica& x) { x.tick(); });
  }

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
  /// Whether somebody is in the room here.
  bool occupied = true;
  /// Which view comes next.
  size_t next_view = 0;
  parlor::epoch epoch;
  std::map<uint64_t, entry> told;
  /// What the entries have made: the sum of their numbers...
  uint64_t made = 0;
  /// ...those up to this one included, whether they were told or not.
  uint64_t known = 0;
  /// Commands of this node, numbered on from one room to the next.
  std::map<std::pair<incarnation, uint64_t>, bool> answered;
  uint64_t before = 0;
  uint64_t submitted_here = 0;
  std::map<place, std::pair<incarnation, uint64_t>> confirmed;
  size_t submitted = 0;
  std::set<incarnation> unreached;
  /// Which promises it has answered, since it heard that the link was lost.
  std::map<incarnation, std::set<uint64_t>> resumed;
  /// None where it has ended.
  std::unique_ptr<replica> room;
};

replica_world::replica_world(uint64_t seed, const chances& how)
  : how_{how}, random_{seed} {
  // Calm ones and wild ones.
  how_.cuts = draw(2) == 0 ? how_.cuts : how_.cuts / 8;
  how_.blinks = draw(2) == 0 ? how_.blinks : how_.blinks / 8;
  how_.losses = draw(2) == 0 ? how_.losses : how_.losses / 4;
  submits_ = 20 + draw(200);
  views_slow_ = draw(2) == 0 ? 20 : 100;
  for (size_t slot = 0; slot < how_.nodes; ++slot)
    enter(slot);
}

replica_world::~replica_world() = default;

replica_world::counts& replica_world::counts::operator+=(const counts& x) {
  confirmed += x.confirmed;
  voided += x.voided;
  skipped += x.skipped;
  given_up += x.given_up;
  lost_nodes += x.lost_nodes;
  lost_early += x.lost_early;
  lost_at_once += x.lost_at_once;
  outages += x.outages;
  blackouts += x.blackouts;
  ended += x.ended;
  blinks += x.blinks;
  return *this;
}

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

/// A node is in the view that comes next as another incarnation, and knows that
/// the one before is over.
incarnation replica_world::come_in(size_t slot) {
  auto found = std::ranges::find_if(
    nodes_, [&](auto& x) { return x->running && x->slot == slot; });
  if (found == nodes_.end()) {
    nodes_.push_back(std::make_unique<node>(*this, slot));
    found = std::prev(nodes_.end());
  }
  auto& x = **found;
  x.turn([](replica& room) { room.sit({}, {}); });
  x.self = incarnation{++last_};
  x.lease_lost = false;
  return x.self;
}

/// A node comes in; it begins with the view in which it is.
void replica_world::enter(size_t slot) {
  auto members = views_.empty() ? std::map<size_t, incarnation>{}
                                : views_.back().members;
  members[slot] = come_in(slot);
  auto& x = *find(members[slot]);
  publish_view(std::move(members));
  x.next_view = views_.size() - 1;
  take_view(x);
}

void replica_world::take_view(node& x) {
  if (x.next_view == views_.size())
    return;
  ++x.next_view;
  if (!x.room && x.occupied)
    x.open_room();
  else
    x.turn([&](replica& room) { room.sit(x.self, x.assigned()); });
  if (std::exchange(x.acts_as, x.self) != x.self)
    x.before = x.submitted_here = 0;
  x.settle();
}

void replica_world::deliver_one() {
  std::vector<road> busy;
  for (auto& [between, queue] : links_)
    if (auto* to = find(between.second);
        !queue.empty() && !stalled_[between] && (to == nullptr || !to->asleep))
      busy.push_back(between);
  if (busy.empty())
    return;
  auto [from, to] = busy[draw(busy.size())];
  auto what = std::move(links_[{from, to}].front());
  links_[{from, to}].pop_front();
  auto* by = find(to);
  if (by == nullptr)
    return;
  if (what)
    by->hear(from, std::move(*what));
  else
    by->lose(from);
}

/// A link becomes slow or fast, or a node stops or goes on.
void replica_world::toggle_stall() {
  auto& x = any();
  auto& y = any();
  if (draw(3) == 0)
    x.asleep = !x.asleep;
  else if (x.running && y.running)
    stalled_[{x.self, y.self}] = !stalled_[{x.self, y.self}];
}

void replica_world::submit_one() {
  auto& x = any();
  if (!x.running || x.asleep || !x.room || !x.occupied)
    return;
  // It may be answered before this returns.
  x.turn([&](replica& room) {
    if (!room.submit(std::to_string(++bodies_)))
      return;
    ++x.submitted;
    ++x.submitted_here;
  });
}

/// Some of what is on its way had arrived, and was not handled yet.
void replica_world::lose_link(const node& from, const node& to) {
  auto& queue = links_[{from.self, to.self}];
  queue.resize(draw(queue.size() + 1));
  queue.push_back(std::nullopt);
}

/// It is there again at once.
void replica_world::blink() {
  auto& x = any();
  auto& y = any();
  if (!x.running || !y.running || x.slot == y.slot)
    return;
  ++counts_.blinks;
  lose_link(x, y);
  lose_link(y, x);
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
      if (cut && x->running && y->running && x->slot == a && y->slot == b) {
        lose_link(*x, *y);
        lose_link(*y, *x);
      }
}

/// Whether home and standby of a later view have all that was confirmed.
void replica_world::watch() {
  for (auto& x : nodes_) {
    if (!x->running || x->lease_lost || !x->room || !x->room->leads()
        || !x->room->joined())
      continue;
    auto& now = x->room->assigned();
    if (now.revision <= established_ || x->room->established() != now.revision)
      continue;
    established_ = now.revision;
    holders_ = {x.get()};
    if (auto* standby = find(now.standby))
      holders_.insert(standby);
    auto is_out = [this](const node* who) {
      return std::ranges::none_of(views_.back().members, [&](auto& in) {
        return in.second == who->self;
      });
    };
    std::erase_if(holders_, is_out);
    // The very moment at which one of the two may go.
    if (how_.losses > 0 && draw(4) == 0 && may_lose(*x)) {
      ++counts_.lost_at_once;
      lose(*x);
    }
    return;
  }
}

/// Two copies survive the loss of one of those who have them.
bool replica_world::may_lose(const node& x) {
  if (views_.back().members.size() < 2 || x.lease_lost)
    return false;
  return holders_.size() > (holders_.contains(&x) ? 1 : 0);
}

void replica_world::lose_one() {
  auto& members = views_.back().members;
  if (members.empty())
    return;
  auto which = std::next(members.begin(),
                         static_cast<long>(draw(members.size())));
  auto* x = find(which->second);
  if (x == nullptr || !may_lose(*x))
    return;
  if (established_ < views_.back().revision)
    ++counts_.lost_early;
  lose(*x);
}

/// A node dies, or loses its lease and does not know it yet.
void replica_world::lose(node& x) {
  ++counts_.lost_nodes;
  holders_.erase(&x);
  auto members = views_.back().members;
  members.erase(x.slot);
  if (draw(2) == 0) {
    x.running = false;
    for (auto& other : nodes_)
      if (other->running) {
        lose_link(x, *other);
        links_[{other->self, x.self}].clear();
      }
  } else {
    x.lease_lost = true;
  }
  publish_view(std::move(members));
}

/// All leases end at once. Nobody goes on before as many are in again.
void replica_world::lose_all() {
  auto& in = views_.back().members;
  auto lost = std::ranges::count_if(
    nodes_, [](auto& x) { return x->running && x->lease_lost; });
  if (in.empty() || lost > 0)
    return;
  ++counts_.outages;
  publish_view({});
  std::map<size_t, incarnation> members;
  for (auto& x : nodes_)
    if (x->running)
      members[x->slot] = come_in(x->slot);
  links_.clear();
  publish_view(members);
  for (auto& [slot, who] : members) {
    auto& x = *find(who);
    x.next_view = views_.size() - 1;
    if (draw(2) == 0)
      take_view(x);
  }
}

/// Home and standby of a view that the others know have their next stays at once.
void replica_world::lose_both() {
  auto now = roles_in(views_.back());
  std::vector<node*> both{find(now.home), find(now.standby)};
  auto is_there = [this](node* x) {
    return x != nullptr && x->running && !x->lease_lost && !x->asleep && x->room
           && x->next_view == views_.size();
  };
  std::vector<node*> all;
  for (auto who : now.members)
    all.push_back(find(who));
  if (all.size() < 3 || !std::ranges::all_of(all, is_there))
    return;
  ++counts_.blackouts;
  auto members = views_.back().members;
  for (auto* x : both) {
    members.erase(x->slot);
    for (auto* other : all)
      if (other != x) {
        lose_link(*x, *other);
        lose_link(*other, *x);
      }
  }
  publish_view(members);
  for (auto* x : all)
    if (std::ranges::find(both, x) == both.end())
      take_view(*x);
  for (auto* x : both)
    members[x->slot] = come_in(x->slot);
  publish_view(std::move(members));
  for (auto* x : both)
    x->next_view = views_.size() - 1;
}

/// Whoever is not in comes in again.
void replica_world::bring_back() {
  auto slot = draw(how_.nodes);
  if (!views_.back().members.contains(slot))
    enter(slot);
}

void replica_world::step() {
  watch();
  auto dice = draw(1000);
  auto& one = any();
  if (dice < how_.cuts)
    toggle_link();
  else if ((dice -= how_.cuts) < how_.blinks)
    blink();
  else if ((dice -= how_.blinks) < how_.losses)
    lose_one();
  else if ((dice -= how_.losses) < how_.outages)
    lose_all();
  else if ((dice -= how_.outages) < how_.blackouts)
    lose_both();
  else if ((dice -= how_.blackouts) < how_.fences)
    one.fence = !one.fence;
  else if ((dice -= how_.fences) < how_.stalls)
    toggle_stall();
  else if ((dice -= how_.stalls) < how_.visits)
    one.visit();
  else if ((dice -= how_.visits) < 20)
    bring_back();
  else if ((dice -= 20) < submits_)
    submit_one();
  else if ((dice -= submits_) < 60)
    one.tick();
  else if ((dice - 60) < views_slow_ && one.running && !one.asleep)
    take_view(one);
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
      x->tick();
  }
  auto* home = find(roles_in(views_.back()).home);
  if (!home->room)
    home->open_room();
  for (auto& x : nodes_)
    check_node(*x, *home);
}

void replica_world::check_node(node& x, const node& home) {
  auto& all = home.room->log();
  if (x.running && x.answered.size() != x.submitted)
    throw wrong{"a command is never answered"};
  if (x.running && x.room) {
    if (!x.room->joined() || x.room->log().last() != all.last())
      throw wrong{"a replica is left behind"};
    if (&x != &home && !contains(home.room->followers(), x.self))
      throw wrong{"a replica has joined, and its home does not know it"};
    if (x.room->confirmed() != x.room->log().seq())
      throw wrong{"something stays unconfirmed"};
    // A follower may hear once more of those whom its home has forgotten.
    auto most = &x == &home ? how_.nodes : 10 * how_.nodes;
    if (x.room->log().sequenced_at(all.seq()).size() > most)
      throw wrong{"producers are never forgotten"};
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
    if (all.seq() < at.seq)
      throw wrong{"a confirmed command is gone from the end"};
    if (found != home.told.end()
        && (found->second.at != at
            || found->second.what.from.node != which.first
            || found->second.what.number != which.second))
      throw wrong{"a confirmed command is gone"};
  }
}

} // namespace parlor::test
