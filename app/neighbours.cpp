// SPDX-License-Identifier: MIT
#include "app/neighbours.hpp"

#include "cluster/etcd/etcd_roster.hpp"
#include "cluster/fixed_roster.hpp"
#include "cluster/links/caf_links.hpp"
#include "messages/from_peers.hpp"

#include <caf/send.hpp>

#include <chrono>
#include <utility>
#include <variant>

namespace parlor {

namespace {

setting_difference to_difference(const etcd::disagreement& x) {
  return {x.setting, etcd::to_string(x.here), node_id{x.node},
          etcd::to_string(x.there)};
}

/// Behind all that an earlier process of this node can have counted.
uint64_t first_opening() {
  using std::chrono::milliseconds;
  auto now = std::chrono::system_clock::now().time_since_epoch();
  auto ms = std::chrono::duration_cast<milliseconds>(now).count();
  return static_cast<uint64_t>(ms) << 20;
}

} // namespace

neighbours::neighbours(node_id self)
  : self_{std::move(self)}, openings_{first_opening()} {}

neighbours::~neighbours() {
  stop();
}

std::optional<std::string> neighbours::start(const cluster_settings& with,
                                             etcd::terms terms,
                                             cluster_actor tell,
                                             cluster::loop_host host) {
  tell_ = std::move(tell);
  roster_listener& listener = *this;
  auto gate = gate_options_of(with);
  link_tls_ = gate.tls;
  auto linked = cluster::caf_links::make(
    self_, gate, *this, std::move(host),
    [this](const auto& now) { on_unlinked(now); });
  if (auto* problem = std::get_if<std::string>(&linked))
    return std::move(*problem);
  links_ = std::move(std::get<0>(linked));
  moves_rooms_ = with.provider == cluster_provider::etcd;
  if (with.provider == cluster_provider::fixed) {
    roster_ = std::make_unique<cluster::fixed_roster>(members_of(with),
                                                      listener);
  } else {
    auto options = roster_options_of(with);
    options.terms = std::move(terms);
    options.accorded = [this](const auto& now) { on_accord(now); };
    etcd_tls_ = options.tls;
    roster_ = etcd::etcd_roster::make(std::move(options), listener);
  }
  asked_ = roster_.get();
  return std::nullopt;
}

void neighbours::renew(const cluster_settings& with) {
  if (link_tls_ && with.link_tls)
    link_tls_->set(with.link_tls);
  if (etcd_tls_ && with.etcd_tls)
    etcd_tls_->set(with.etcd_tls);
}

void neighbours::drain() {
  take_part([](participation& x) { x.drain(); });
}

void neighbours::stop() {
  asked_ = nullptr;
  roster_.reset();
  links_.reset();
  tell_ = nullptr;
}

// -- for the actors ----------------------------------------------------------------

bool neighbours::send(incarnation as, incarnation to, const envelope& what) {
  auto with = table_.find(as, to);
  return with && with->send(what);
}

bool neighbours::send_in_order(incarnation as, incarnation to,
                               const envelope& what) {
  auto with = table_.find_in_order(as, to);
  return with && with->send(what);
}

void neighbours::know_lost(incarnation to) {
  table_.know_lost(to);
}

bool neighbours::fenced(incarnation as) const {
  auto* roster = asked_.load();
  return roster == nullptr || !table_.is_in_as(as)
         || roster->lease() <= lease_clock::now();
}

uint64_t neighbours::next_opening() {
  return ++openings_;
}

void neighbours::note_room(uint64_t room, uint64_t revision) {
  rooms_.note(room, revision);
}

void neighbours::forget_room(uint64_t room) {
  rooms_.forget(room);
}

bool neighbours::caught_up() {
  return !moves_rooms_ || rooms_.caught_up(reaches_all());
}

bool neighbours::reaches_all() const {
  std::lock_guard guard{mutex_};
  return participation_.reaches_all();
}

bool neighbours::handed_over() const {
  return !moves_rooms_ || rooms_.handed_over();
}

// -- from roster and links ---------------------------------------------------------

void neighbours::on_view(const view& now) {
  auto seats = std::make_shared<seating>();
  auto* self = now.find(self_);
  if (self != nullptr)
    seats->self = self->incarnation;
  seats->now = now;
  seats->where = placement{now};
  links_->hold(now);
  sit(std::move(seats));
}

std::vector<linked_member> neighbours::linked() const {
  std::lock_guard guard{mutex_};
  std::vector<linked_member> result;
  if (view_.find(self_))
    for (const auto& x : view_.members) {
      if (x.id == self_)
        continue;
      auto why = unlinked_.find(x.id);
      result.push_back({x.id, table_.has(x.incarnation),
                        why != unlinked_.end() ? why->second : ""});
    }
  return result;
}

std::optional<setting_difference> neighbours::kept_out_by() const {
  std::lock_guard guard{mutex_};
  if (!accord_.kept_out_by)
    return std::nullopt;
  return to_difference(*accord_.kept_out_by);
}

std::vector<setting_difference> neighbours::differences() const {
  std::lock_guard guard{mutex_};
  std::vector<setting_difference> result;
  for (const auto& one : accord_.differences)
    result.push_back(to_difference(one));
  return result;
}

void neighbours::on_accord(const etcd::accord& now) {
  std::lock_guard guard{mutex_};
  accord_ = now;
}

void neighbours::on_unlinked(const std::map<node_id, std::string>& now) {
  take_part([&](participation& x) {
    unlinked_ = now;
    reconsider(x);
  });
}

template <class F>
void neighbours::take_part(F change) {
  auto* roster = asked_.load();
  std::unique_lock guard{mutex_};
  change(participation_);
  if (!roster || state_ == participation_.wanted())
    return;
  member_state told{};
  do {
    told = state_ = participation_.wanted();
    // It may tell of a view at once.
    guard.unlock();
    roster->set_state(told);
    guard.lock();
  } while (told != participation_.wanted());
}

void neighbours::reconsider(participation& x) const {
  auto* self = view_.find(self_);
  if (self == nullptr)
    return x.sit({}, {});
  reach now;
  now.others = view_.members.size() - 1;
  now.missed = unlinked_.size();
  for (const auto& one : view_.members) {
    if (one.id == self_)
      continue;
    if (table_.has(one.incarnation))
      ++now.linked;
    else if (one.state == member_state::draining && unlinked_.contains(one.id))
      ++now.missed_draining;
  }
  x.sit(self->incarnation, now);
}

/// Rooms are judged by this view before any of them hears of it.
void neighbours::sit(seating_ptr now) {
  table_.sit(now->self);
  rooms_.sit(now->now, now->now.find(self_));
  take_part([&](participation& x) {
    view_ = now->now;
    reconsider(x);
  });
  caf::anon_send(tell_, view_change{std::move(now)});
}

/// It is asked for where it counts.
void neighbours::on_lease(time_point) {}

void neighbours::on_fenced() {}

void neighbours::on_expelled() {
  links_->hold({});
  sit(std::make_shared<seating>());
}

void neighbours::on_up(const link_ptr& with) {
  table_.add(with);
  take_part([this](participation& x) { reconsider(x); });
  caf::anon_send(tell_, peer_up{with});
}

void neighbours::on_frame(const link_ptr& from, uint64_t number,
                          std::vector<envelope> content) {
  caf::anon_send(tell_,
                 peer_frame{from, from->stay(), number, std::move(content)});
}

void neighbours::on_down(const link_ptr& with, std::string_view) {
  table_.lose(with);
  {
    std::lock_guard guard{mutex_};
    reconsider(participation_);
  }
  caf::anon_send(tell_, peer_down{with->peer(), with->stay()});
}

void neighbours::on_dead(const member& who) {
  if (auto* roster = asked_.load())
    roster->evict(who);
}

} // namespace parlor
