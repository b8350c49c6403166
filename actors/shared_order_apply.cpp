// SPDX-License-Identifier: MIT
#include "actors/room.hpp"
#include "actors/shared_order.hpp"
#include "messages/to_directory.hpp"
#include "messages/wire/encode.hpp"
#include "telemetry/log.hpp"

#include <caf/actor_cast.hpp>

#include <algorithm>
#include <optional>
#include <utility>

// What a room's entries do on each of its nodes.
namespace parlor {

using namespace proceedings;

namespace {

bool is_answered(const shared_order::asker& x) {
  return wire::is_answered(x.id, x.speaks);
}

/// One who is connected and in, as who asks to come in.
std::optional<join> member_of(const room_state& room,
                              const attendance::change& x) {
  auto found = std::ranges::find(room.monitored, x.who,
                                 [](auto& one) { return one.second; });
  auto* member = room.members.find(x.who);
  if (found == room.monitored.end() || member == nullptr)
    return std::nullopt;
  join result;
  result.room = room.options.room;
  result.connection = x.who;
  result.user = x.user;
  result.speaks = member->speaks;
  result.handle = caf::actor_cast<connection_actor>(found->first);
  return result;
}

} // namespace

void shared_order::append(const replication::entry& what) {
  auto read = to_entry(what.what.body);
  if (!read) {
    log::error("room entry not understood", {{"bytes", what.what.body.size()}});
    return;
  }
  // A home that catches up before it opens: its members are told first.
  if (std::exchange(taken_back_, false))
    room_.reopen(what.at.epoch);
  applied e{what.what.from.node,
            replica_.is_own(what.what) ? what.what.number : 0,
            {what.at.epoch, read->decided.before},
            read->decided,
            what.at.seq <= known_};
  std::visit([&](auto& x) { apply(x, e); }, read->what);
}

// -- who comes and goes ------------------------------------------------------------

void shared_order::apply(const attendance& x, applied& e) {
  for (size_t i = 0; i < x.changes.size(); ++i) {
    auto how = e.decided.outcomes[i];
    if (how == outcome::told)
      ++e.at.seq;
    if (!e.known)
      room_.order.go_on(e.at.seq);
    if (x.changes[i].comes)
      come(x.changes[i], how, e);
    else
      go(x.changes[i], how, e);
  }
}

void shared_order::come(const attendance::change& x, outcome how, applied& e) {
  auto told = how == outcome::told;
  auto found = e.own != 0 ? arriving_.find(x.who) : arriving_.end();
  // Who has given up may have asked again, and is let in by that.
  auto asked = found != arriving_.end() && found->second.number == e.own;
  if (asked && e.known) {
    // What the room has is of later: in which place it can go on, the home says.
    changes_.push_back(x);
    asked = false;
  }
  auto waiting = asked ? arriving_.extract(found)
                       : decltype(arriving_)::node_type{};
  if (how == outcome::refused) {
    if (!waiting.empty())
      room_.refuse_full(waiting.mapped().what);
    else if (auto lost = member_of(room_, x);
             lost && !e.known && e.from == replica_.self()) {
      // Its node was out, and others have its place by now.
      shown_.erase(x.who);
      unshown_.erase(x.who);
      room_.dismiss(x.who, {});
      room_.members.remove(x.who);
      room_.refuse_full(*lost);
      if (room_.members.empty())
        room_.self->send(room_.options.directory,
                         occupancy{room_.options.room, false});
    }
    return;
  }
  if (!e.known)
    everyone_.add(e.from, x.who, x.user);
  if (!waiting.empty())
    room_.take_in(waiting.mapped().what, told, e.at);
  else
    room_.tell_joined(x.user, x.silent, told, e.at, !e.known);
}

void shared_order::go(const attendance::change& x, outcome how, applied& e) {
  if (how == outcome::nothing)
    return;
  if (!e.known) {
    if (!room_.announces())
      room_.count_soon();
    everyone_.remove(e.from, x.who);
    forget_presence(x.user, x.who);
  }
  room_.tell_left(x.user, x.why, how == outcome::told, e.at, !e.known);
}

/// A node that is back may have said it again before its loss has a place.
void shared_order::forget_presence(const user_id& user, connection_id who) {
  if (everyone_.has_presence(who))
    room_.count_presence();
  else
    room_.forget_presence(user, who);
}

void shared_order::apply(const loss&, applied& e) {
  if (!e.known && !room_.announces())
    room_.count_soon();
  if (!e.known)
    for (auto& seat : e.decided.lost) {
      everyone_.remove(seat.node, seat.who);
      forget_presence(seat.user, seat.who);
    }
  for (auto& user : e.decided.gone) {
    ++e.at.seq;
    if (!e.known)
      room_.order.go_on(e.at.seq);
    room_.tell_left(user, departure::node_down, true, e.at, !e.known);
  }
}

// -- what is said --------------------------------------------------------------------

void shared_order::apply(const chat& x, applied& e) {
  auto mine = e.from == replica_.self();
  auto waiting = said_.find(e.own);
  if (e.decided.repeats != place{}) {
    e.at = e.decided.repeats;
  } else {
    ++e.at.seq;
    if (!e.known)
      room_.order.go_on(e.at.seq);
    connection_id served;
    // Whose answer is to come is served by that.
    if (waiting != said_.end())
      for (auto& one : waiting->second.attempts)
        if (one.first && !is_answered(one.who)
            && !std::exchange(one.served, true))
          served = x.from;
    room_.tell_chat(x, e.at, e.decided.at, mine, served, !e.known);
  }
  if (waiting != said_.end())
    waiting->second.at = e.at;
}

void shared_order::apply(const presence& x, applied& e) {
  if (e.known || !everyone_.contains(e.from, x.who))
    return;
  everyone_.set_presence(e.from, x.who, x.data);
  if (room_.presence.set(x.user, x.who, x.data))
    room_.diff_soon();
}

// -- what was never said ---------------------------------------------------------------

/// What somebody said of itself is said again by its node.
void shared_order::undo(const replication::entry& what) {
  auto read = to_entry(what.what.body);
  if (!read)
    return;
  known_ = std::min(known_, what.at.seq - 1);
  taken_back_ = true;
  if (!room_.announces())
    room_.count_soon();
  auto& decided = read->decided;
  if (auto* x = std::get_if<attendance>(&read->what))
    undo(*x, what.what.from.node, decided);
  else if (std::holds_alternative<loss>(read->what))
    for (auto& seat : decided.lost)
      everyone_.add(seat.node, seat.who, seat.user);
  room_.order.go_on(decided.before);
  room_.log.truncate(decided.before);
  room_.keys.truncate(decided.before);
}

void shared_order::undo(const attendance& x, incarnation from,
                        const ruling& decided) {
  for (auto i = x.changes.size(); i-- > 0;) {
    auto& one = x.changes[i];
    auto how = decided.outcomes[i];
    if (how == outcome::refused || how == outcome::nothing)
      continue;
    if (one.comes) {
      everyone_.remove(from, one.who);
      forget_presence(one.user, one.who);
    } else {
      everyone_.add(from, one.who, one.user);
    }
  }
}

} // namespace parlor
