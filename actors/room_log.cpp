// SPDX-License-Identifier: MIT
#include "actors/room.hpp"

#include "messages/wire/encode.hpp"

#include <algorithm>
#include <chrono>
#include <optional>
#include <utility>

// What was said in a room, for those who come later.
namespace parlor {

/// To be called before the joiner is in: what follows is told live.
room_state::replay room_state::replay_for(const join& x) {
  auto& wants = x.wants;
  if (wants.rewind > 0)
    return {false, log.chats(UINT64_MAX, wants.rewind, x.speaks, now())};
  if (wants.since == place{})
    return {};
  auto missed = log.since(wants.since, x.speaks, now());
  ++counts().recovers[missed.has_value()];
  if (!missed)
    return {};
  return {true, std::move(*missed)};
}

void room_state::handle_history(const history_query& x) {
  auto* asker = member_or_refuse(x.connection, x.id);
  if (asker == nullptr)
    return;
  event::history_reply reply{x.id, options.room, {}};
  // Whom nothing is told, nothing is looked up for.
  if (!x.id.empty() && asker->speaks != dialect::text)
    reply.messages = log.chats(x.before, x.limit, asker->speaks, now());
  tell(x.connection, wire::encode(reply, asker->speaks), true);
}

/// For how long the room, which is empty, has something to keep.
caf::timespan room_state::lingers() const {
  auto until = keys.end();
  if (log.published())
    until = std::max(until, log.end());
  if (!until || *until <= now())
    return caf::timespan{0};
  return *until - now();
}

/// One timer for all that there is. It comes often enough for memory to be given
/// back in time, and seldom enough to cost nothing; whoever asks for something
/// that is too old is not told it anyway. Where nobody has said anything yet
/// there is none: CAF keeps a room for as long as its timer, and most rooms of
/// one member come and go so.
void room_state::expire_soon() {
  using std::chrono::nanoseconds;
  constexpr nanoseconds least = std::chrono::milliseconds{100};
  constexpr nanoseconds most = std::chrono::seconds{30};
  auto nothing = log.empty() || !log.published();
  if (expiring || (nothing && keys.empty()))
    return;
  expiring = true;
  auto pause = std::clamp(limits().history_ttl / 4, least, most);
  self->delayed_send(self, pause, atom::expire_v);
}

void room_state::handle_expire() {
  expiring = false;
  log.expire(now());
  keys.expire(now());
  expire_soon();
}

} // namespace parlor
