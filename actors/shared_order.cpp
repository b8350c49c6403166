// SPDX-License-Identifier: MIT
#include "actors/shared_order.hpp"

#include "actors/room.hpp"
#include "messages/limits.hpp"
#include "telemetry/log.hpp"

#include <algorithm>
#include <utility>

namespace parlor {

using namespace proceedings;

namespace {

/// Beats for which a home where nobody is in waits for who is on the way.
constexpr unsigned patience = 10;

/// Who may wait for one message; each further try is one of its own.
constexpr size_t most_attempts = 16;

} // namespace

shared_order::shared_order(room_state& room)
  : room_{room},
    peers_{*room.options.env->peers},
    replica_{*this, {}},
    kept_{room.host().kept, *this},
    opening_{peers_.next_opening()} {
  peers_.note_room(opening_, 0);
}

void shared_order::settle() {
  for (auto who : std::exchange(unreached_, {}))
    replica_.lose_link(who);
  remove_ghosts();
  submit_changes();
  submit_presence();
  auto waits = !submit_losses() || !changes_.empty() || !unshown_.empty();
  note_settled();
  count_kept();
  kept_.settle(room_.limits().history_total_bytes);
  if (replica_.restless() || (replica_.is_in() && waits) || !arriving_.empty()
      || (is_empty_home() && quiet_ <= patience))
    room_.beat_soon();
  room_.retire_if_empty();
}

void shared_order::count_kept() {
  auto now = replica_.bytes_confirmed();
  if (now > kept_.bytes())
    kept_.grow(now - kept_.bytes());
  else
    kept_.shrink(kept_.bytes() - now);
}

bool shared_order::give_way() {
  if (!replica_.forget_oldest())
    return false;
  count_kept();
  return true;
}

// -- what happens on this node ---------------------------------------------------

/// Where it was said before, if that is confirmed: nobody has to be asked.
std::optional<place> shared_order::said_before(const chat& x) const {
  if (x.key.empty() || replica_.confirmed() < replica_.log().seq())
    return std::nullopt;
  return room_.keys.find(key_owner(x.sender, x.from_api()), x.key, room_.now());
}

bool shared_order::say(chat what, asker who) {
  if (auto before = said_before(what)) {
    room_.tell_said(who, *before, true);
    return true;
  }
  message_key key;
  if (!what.key.empty())
    key = {key_owner(what.sender, what.from_api()), what.key};
  if (await_first(key, who))
    return true;
  std::optional<uint64_t> number;
  turn([&] {
    // The answer may come at once, and needs to know who asked.
    auto next = replica_.next_number();
    if (!what.key.empty())
      said_by_key_.try_emplace(key, next);
    said_.emplace(next, said{std::move(key), {{std::move(who)}}});
    number = submit(std::move(what));
    if (!number)
      end_said(said_.find(next));
  });
  return number.has_value();
}

/// Whether a message of this key is on its way: who sends it again gets the answer
/// to that, and nothing goes to the home once more.
bool shared_order::await_first(const message_key& key, asker& who) {
  auto found = said_by_key_.find(key);
  if (found == said_by_key_.end() || fenced())
    return false;
  auto& attempts = said_.at(found->second).attempts;
  if (attempts.size() >= most_attempts)
    return false;
  attempts.push_back({std::move(who), false});
  return true;
}

shared_order::said
shared_order::end_said(std::map<uint64_t, said>::iterator which) {
  auto found = said_by_key_.find(which->second.key);
  if (found != said_by_key_.end() && found->second == which->first)
    said_by_key_.erase(found);
  return std::move(said_.extract(which).mapped());
}

bool shared_order::present(presence what) {
  auto taken = false;
  turn([&] {
    // The home ignores what a connection says before it has come.
    submit_changes();
    taken = changes_.empty() && submit(what).has_value();
    if (taken) {
      unshown_.erase(what.who);
      shown_.insert_or_assign(what.who, std::move(what));
    }
  });
  return taken;
}

/// Behind the coming of its connection.
void shared_order::submit_presence() {
  while (changes_.empty() && !unshown_.empty()) {
    auto next = unshown_.begin();
    if (!submit(shown_.at(*next)))
      return;
    unshown_.erase(next);
  }
}

std::optional<uint64_t> shared_order::submit(const command& what) {
  if (fenced())
    return std::nullopt;
  return replica_.submit(to_bytes(what));
}

/// Those whom an earlier room of this name has left behind, which failed before
/// it could say that they are gone.
void shared_order::remove_ghosts() {
  if (std::exchange(reconciled_, replica_.caught_up()) || !reconciled_)
    return;
  for (auto& seat : everyone_.seats_of(replica_.self()))
    if (room_.members.find(seat.who) == nullptr && !wants_in(seat.who))
      changes_.push_back(
        {seat.who, seat.user, false, departure::closed, false});
}

void shared_order::note_settled() {
  if (auto now = replica_.settled_in(); now > settled_in_)
    peers_.note_room(opening_, settled_in_ = now);
}

/// The home says who is gone with their node. It is open, so each loss has its
/// place at once, unless the home is fenced: false where one has to wait.
bool shared_order::submit_losses() {
  if (!replica_.leads() || !replica_.joined())
    return true;
  auto& members = replica_.assigned().members;
  return std::ranges::all_of(everyone_.nodes(), [&](incarnation node) {
    return std::ranges::find(members, node) != members.end()
           || submit(loss{node});
  });
}

// -- the cluster -----------------------------------------------------------------

void shared_order::sit(seating_ptr now) {
  turn([&] {
    auto before = replica_.self();
    now_ = std::move(now);
    replica_.sit(now_->self, now_->roles_of(room_.options.room.str()));
    if (now_->self != before)
      begin_another_stay();
  });
}

/// What was under way in the last one is given up, but who is in stays in, with
/// what it says of itself.
void shared_order::begin_another_stay() {
  changes_.clear();
  for (auto& [who, x] : arriving_)
    x.number = 0;
  if (!now_->self)
    return;
  for (auto& [who, x] : room_.members.all())
    changes_.push_back({who, x.user, true, {}, true});
  for (auto& [who, x] : arriving_)
    ask_in(x.what);
  for (auto& [who, x] : shown_)
    unshown_.insert(who);
}

void shared_order::hear(const peer_letter& x) {
  auto note = to_room_note(room_.options.room, x.content);
  if (!note) {
    log::error("peer not understood",
               {{"peer", x.from.value()}, {"bytes", x.content.size()}});
    return;
  }
  turn([&] {
    quiet_ = 0;
    if (auto* letter = std::get_if<replication::letter>(&*note)) {
      closed_ = false;
      replica_.hear(x.from, std::move(*letter));
    } else if (auto* signal = std::get_if<event::signal>(&*note)) {
      hear_signal(x.from, *signal);
    } else if (x.from == replica_.assigned().home) {
      closed_ = true;
      replica_.lose_link(x.from);
    }
  });
}

void shared_order::lose(incarnation link_to) {
  turn([&] { replica_.lose_link(link_to); });
}

void shared_order::beat() {
  turn([&] {
    ++quiet_;
    if (replica_.restless())
      replica_.tick();
    give_up_late();
    give_up_joins();
  });
}

/// Who has waited for long, or at a node that is fenced by now, is told what
/// whoever asks now would be. What was said may get its place all the same.
void shared_order::give_up_late() {
  auto is_fenced = fenced();
  for (auto& [number, x] : said_)
    std::erase_if(x.attempts, [&](attempt& one) {
      auto is_late = ++one.pauses >= letter_pauses || is_fenced;
      if (is_late)
        room_.tell_unsaid(one.who, !one.served);
      return is_late;
    });
}

void shared_order::end(bool failed) {
  peers_.forget_room(opening_);
  if (failed)
    return;
  // A home that has ended would begin anew for it.
  if (!replica_.leads() && !closed_)
    replica_.step_out();
  tell_followers(room_closed{});
}

/// Who is on the way to it has not said so, or is no follower any more.
bool shared_order::is_empty_home() const {
  auto& assigned = replica_.assigned();
  return assigned.home && assigned.home == replica_.self() && replica_.joined()
         && everyone_.empty();
}

bool shared_order::may_end() const {
  if (!room_.members.empty() || !arriving_.empty() || !changes_.empty()
      || replica_.waits())
    return false;
  auto& assigned = replica_.assigned();
  if (closed_)
    return true;
  // What it has still counts when it comes in again.
  if (!replica_.is_in())
    return everyone_.empty();
  if (assigned.home != replica_.self())
    return replica_.may_step_out();
  auto relays = [&](incarnation who) { return who != assigned.standby; };
  return is_empty_home() && quiet_ > patience
         && std::ranges::none_of(replica_.followers(), relays);
}

// -- in passing --------------------------------------------------------------------

void shared_order::pass_on(const event::signal& what) {
  if (replica_.leads())
    tell_followers(what);
  else
    peers_.send(replica_.self(), replica_.assigned().home,
                to_envelope(room_.options.room, what));
}

void shared_order::hear_signal(incarnation from, const event::signal& x) {
  room_.tell_signal(x, {}, {});
  if (replica_.leads())
    tell_followers(x, from);
}

void shared_order::tell_followers(const room_note& what, incarnation except) {
  auto envelope = to_envelope(room_.options.room, what);
  for (auto who : replica_.followers())
    if (who != except)
      peers_.send(replica_.self(), who, envelope);
}

// -- what the replica does ---------------------------------------------------------

void shared_order::send(incarnation to, replication::letter what) {
  if (!peers_.send(replica_.self(), to,
                   to_envelope(room_.options.room, std::move(what))))
    unreached_.insert(to);
}

std::string shared_order::state() const {
  return to_bytes(proceedings::state{room_.order.seq(), everyone_.seats(),
                                     room_.keys.all(room_.now())});
}

void shared_order::skip(const place&, const std::string& bytes, uint64_t upto) {
  auto read = bytes.empty() ? proceedings::state{} : to_state(bytes);
  if (!read)
    throw std::runtime_error{"a room's state that is none"};
  auto counted = !room_.announces();
  auto before = std::exchange(everyone_, {}).seats();
  for (auto& x : read->seats) {
    everyone_.add(x.node, x.who, x.user);
    if (x.presence.empty())
      continue;
    if (room_.presence.set(x.user, x.who, x.presence))
      room_.diff_soon();
    everyone_.set_presence(x.node, x.who, std::move(x.presence));
  }
  // Members are told what has changed meanwhile.
  for (auto& x : before)
    forget_presence(x.user, x.who);
  if (room_.members.empty())
    room_.presence.take_news(room_.options.room, room_.limits().members_listed);
  room_.count_presence();
  if (counted || !room_.announces())
    room_.count_soon();
  room_.keys.restore(read->keys, room_.now());
  known_ = bytes.empty() ? 0 : upto;
  room_.order.go_on(read->seq);
  room_.log.restart();
}

void shared_order::open(const parlor::epoch& in) {
  taken_back_ = false;
  room_.reopen(in);
}

bool shared_order::fenced() const {
  return peers_.fenced(replica_.self());
}

uint64_t shared_order::next_opening() {
  return peers_.next_opening();
}

void shared_order::confirm(uint64_t number, std::optional<place> at) {
  if (!at)
    ask_again(number);
  auto found = said_.find(number);
  if (found == said_.end())
    return;
  auto x = end_said(found);
  for (auto& one : x.attempts)
    if (at && x.at)
      room_.tell_said(one.who, *x.at, !one.served);
    else
      // It is said, but nobody here knows where.
      room_.tell_unsaid(one.who, !one.served);
}

void shared_order::give_up(uint64_t number) {
  auto found = said_.find(number);
  if (found == said_.end())
    return;
  auto x = end_said(found);
  for (auto& one : x.attempts)
    room_.tell_unsaid(one.who, !one.served);
}

} // namespace parlor
