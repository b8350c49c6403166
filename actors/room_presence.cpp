// SPDX-License-Identifier: MIT
#include "actors/room.hpp"

#include "messages/wire/encode.hpp"

#include <algorithm>
#include <utility>
#include <variant>

// Who is there, beyond who is connected.
namespace parlor {

// -- what members say of themselves --------------------------------------------

void room_state::handle_presence(presence_update& x) {
  auto* speaker = member_or_refuse(x.connection, x.id);
  if (speaker == nullptr)
    return;
  if (!has_place_for(x, speaker->user)) {
    event::error error{ec::limit_exceeded, "Too much presence", x.id, {}};
    return tell(x.connection, wire::encode(error, speaker->speaks), true);
  }
  if (shared) {
    if (!shared->present({x.connection, speaker->user, std::move(x.data)}))
      return refuse_for_now(x.connection, x.id, speaker->speaks);
  } else if (presence.set(speaker->user, x.connection, std::move(x.data))) {
    diff_soon();
  }
  event::done_reply reply{x.id, options.room};
  auto text = wire::encode(reply, speaker->speaks);
  // The state may be large, so it is told once; what changes is told to all.
  if (!members.note_present(x.connection))
    return tell(x.connection, std::move(text), true);
  if (!text.empty())
    tell(x.connection, std::move(text), false);
  tell(x.connection, presence_for(x.connection, speaker->speaks), true);
}

/// What all rooms of the node are told together has its limit.
bool room_state::has_place_for(const presence_update& x,
                               const user_id& user) const {
  auto more = presence.growth(user, x.connection, x.data.size());
  if (shared && more > 0)
    more += x.data.size();
  auto most = limits().history_total_bytes / presence_part;
  return more == 0 || options.env->presences->used() + more <= most;
}

frame room_state::presence_for(connection_id who, dialect speaks) {
  return wire::encode(presence.show(options.room, limits().members_listed, who),
                      speaks);
}

void room_state::forget_presence(const user_id& user, connection_id id) {
  if (presence.remove(user, id))
    diff_soon();
}

/// In a cluster it is there twice: by nodes, too.
void room_state::count_presence() {
  auto by_nodes = shared ? shared->everyone().presence_bytes() : 0;
  presence_bytes.resize(presence.bytes() + by_nodes);
}

/// The presence has changed.
void room_state::diff_soon() {
  count_presence();
  if (!std::exchange(diffing, true))
    self->delayed_send(self, presence_pause, atom::diff_v);
}

void room_state::handle_diff() {
  diffing = false;
  auto news = presence.take_news(options.room, limits().members_listed);
  auto tell_all = [this](auto& event) {
    if constexpr (requires { event.room; })
      to_all(wire::encode(event, members.spoken()));
  };
  std::visit(tell_all, news);
}

// -- users who vanished --------------------------------------------------------

/// Who is taken to be there has a seat, which is this user's when it comes
/// back.
size_t room_state::seats_taken(const user_id& by_others) const {
  return members.size() - (absent.has(by_others) ? 1 : 0);
}

/// In all rooms there are as many absent users as there may be connections, a
/// part of them on each thread.
bool room_state::may_be_absent() const {
  auto most = limits().max_connections / options.env->threads.size();
  return limits().presence_grace.count() > 0
         && *host().absent < std::max<size_t>(most, 1);
}

/// Its user stays a member, without a connection that lives.
void room_state::await_return(connection_id id, departure why) {
  absent.add({members.find(id)->user, id, why},
             now() + limits().presence_grace);
  grace_soon();
}

/// The user, who is in by a new connection already, may have been absent.
void room_state::welcome_back(const user_id& user) {
  auto stand_in = absent.welcome_back(user);
  if (!stand_in)
    return;
  members.remove(*stand_in);
  if (shared)
    shared->depart(*stand_in, user, departure::closed);
  else
    forget_presence(user, *stand_in);
}

void room_state::grace_soon() {
  auto next = absent.next();
  if (next && !std::exchange(gracing, true))
    self->delayed_send(self, *next - now(), atom::grace_v);
}

void room_state::handle_grace() {
  gracing = false;
  for (auto& one : absent.take_due(now()))
    remove(one.connection, one.why);
  grace_soon();
}

} // namespace parlor
