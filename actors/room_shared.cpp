// SPDX-License-Identifier: MIT
#include "actors/room.hpp"

#include "messages/to_directory.hpp"
#include "messages/wire/encode.hpp"

#include <chrono>
#include <utility>

// A room that other nodes have a part in: what it asks of all of them, and what
// it makes of what was decided.
namespace parlor {

// -- asking ------------------------------------------------------------------------

/// It is in once the home has said so. Whoever is gone until then is known.
void room_state::await_place(const join& x) {
  if (shared->wants_in(x.connection))
    return;
  if (monitored.emplace(x.handle.address(), x.connection).second)
    self->monitor(x.handle);
  shared->arrive(x, absent.stand_in_of(x.user));
}

/// It is no member here any more; everyone is told once the home has said so.
void room_state::part_with(connection_id who, const user_id& user,
                           departure why) {
  shared->depart(who, user, why);
  if (members.empty())
    self->send(options.directory, occupancy{options.room, false});
}

void room_state::share_publish(publish& x, const user_id& sender) {
  auto speaks = dialect_of(x.connection);
  shared_order::asker who{x.connection, x.id, speaks};
  if (!shared->say({sender,
                    std::move(x.content),
                    std::move(x.key),
                    {},
                    x.connection,
                    x.exclude_self},
                   std::move(who)))
    refuse_for_now(x.connection, x.id, speaks);
}

void room_state::share_post(post& x,
                            caf::typed_response_promise<post_receipt> to) {
  if (!shared->say({x.sender,
                    std::move(x.content),
                    std::move(x.key),
                    std::move(x.exclude),
                    {},
                    false},
                   {{}, {}, dialect::typed, to}))
    to.deliver(make_error(ec::unavailable));
}

void room_state::refuse_for_now(connection_id who, const request_id& id,
                                dialect speaks) {
  event::error error{ec::unavailable, "Room is unavailable", id, {}};
  tell(who, wire::encode(error, speaks), true);
}

void room_state::refuse_full(const join& x) {
  refuse(x, ec::room_full, "Room is full");
}

// -- what was decided ----------------------------------------------------------------

/// Of somebody who is on another node.
void room_state::tell_joined(const user_id& user, bool silent, bool told,
                             const place& at, bool live) {
  if (!told) {
    if (live && !announces())
      count_soon();
    return;
  }
  event::joined event{options.room, user, roster(), at.seq};
  if (live) {
    auto spoken = members.spoken();
    if (silent)
      spoken.erase(dialect::text);
    to_all(wire::encode(event, spoken));
  }
  log.add(at.epoch, std::move(event), silent, now());
  expire_soon();
}

void room_state::tell_left(const user_id& user, departure why, bool told,
                           const place& at, bool live) {
  if (!told)
    return;
  event::left event{options.room, user, why, at.seq};
  auto said = wire::encode(event, members.spoken());
  log.add(at.epoch, std::move(event), said, now());
  if (live)
    to_all(std::move(said));
  expire_soon();
}

/// Those who are left out are known by their user everywhere, by their
/// connection on its own node.
void room_state::tell_chat(const proceedings::chat& x, const place& at,
                           event::timestamp time, bool mine,
                           connection_id served, bool live) {
  if (!x.key.empty())
    keys.add(key_owner(x.sender, x.from_api()), x.key, at, now());
  event::chat chat{options.room, x.sender, x.content,
                   time,         at.seq,   x.from_api()};
  if (!live) {
    log.add(at.epoch, std::move(chat), {}, now());
    return;
  }
  auto except = members.connections_of(user_id{x.exclude});
  if (mine && x.exclude_self)
    except.push_back(x.from);
  else if (auto id = to_connection_id(x.exclude);
           mine && id && members.find(id) != nullptr)
    except.push_back(id);
  tell_chat(at, std::move(chat), std::move(except), served);
}

void room_state::tell_said(const shared_order::asker& who, const place& at,
                           bool served) {
  if (who.promise) {
    auto promise = *who.promise;
    promise.deliver(post_receipt{at.seq, at.epoch});
    return;
  }
  event::publish_reply reply{who.id, at.seq, at.epoch};
  if (auto text = wire::encode(reply, who.speaks); served || !text.empty())
    tell(who.from, std::move(text), served);
}

void room_state::tell_unsaid(const shared_order::asker& who, bool served) {
  if (who.promise) {
    auto promise = *who.promise;
    promise.deliver(make_error(ec::unavailable));
    return;
  }
  event::error error{ec::unavailable, "Room is unavailable", who.id, {}};
  tell(who.from, wire::encode(error, who.speaks), served);
}

/// The members go on in another epoch.
void room_state::reopen(const parlor::epoch& in) {
  order.open(in);
  log.reopen({in, order.seq()});
  if (!announces())
    count_soon();
  if (!members.empty())
    to_all(wire::encode(event::room_reset{options.room, in, order.seq(), true},
                        members.spoken()));
}

// -- the cluster -----------------------------------------------------------------------

void room_state::handle_view(const view_change& x) {
  shared->sit(x.now);
}

void room_state::handle_peer_down(const peer_down& x) {
  shared->lose(x.stay);
}

void room_state::handle_beat() {
  beating = false;
  shared->beat();
}

void room_state::beat_soon() {
  if (!std::exchange(beating, true))
    self->delayed_send(self, std::chrono::milliseconds{100}, atom::beat_v);
}

} // namespace parlor
