// SPDX-License-Identifier: MIT
#include "tests/explore/checks.hpp"
#include "tests/explore/room_log.hpp"

#include <cstdint>
#include <map>
#include <set>
#include <string>

namespace parlor::explore {

namespace {

/// Once the last change was told, who was told of all knows all.
void check_presence(const room_log& log, const room_state& room,
                    const client& who) {
  if (room.diffing || !log.presence())
    return;
  std::map<std::string, std::string> all;
  auto state = room.presence.state(room.options.room, SIZE_MAX).state;
  for (auto& [user, connections] : *state)
    for (auto& [id, data] : connections)
      all[to_string(id)] = data;
  if (all != *log.presence())
    throw violation{who.name + " was told of another presence"};
}

/// What a lane told a client, read in order.
void read_lane(const world& x, const client& who, size_t lane,
               const std::vector<frame>& heard, told& all) {
  auto room = x.actors[lane].parent;
  auto name = x.actors[room].name;
  auto enters = name.substr(0, name.find('#')) == who.enters;
  room_log log{who, all[room], enters, x.lives(who)};
  for (auto& one : heard)
    log.read(one.text());
  auto* state = x.actors.state_of<room_state>(room);
  if (state == nullptr || !x.lives(who)
      || state->members.find(who.id) == nullptr)
    return;
  if (!log.is_member())
    throw violation{who.name + " is in, and was not told"};
  if (!log.is_last(state->order.seq()))
    throw violation{who.name + " was not told the last"};
  std::set<std::string> users;
  for (auto& one : state->members.users())
    users.insert(one.str());
  if (!log.are_members(users))
    throw violation{who.name + " was told of other members"};
  check_presence(log, *state, who);
}

/// A post whose receipt names a place is what was told there.
void check_posts(const world& x, const told& all) {
  for (auto& one : x.calls) {
    if (one.what.what != verb::posts || one.answers != 1 || one.refused)
      continue;
    for (auto& [room, said] : all)
      if (said.epoch == to_string(one.receipt.epoch)) {
        auto found = said.what.find(one.receipt.seq);
        if (found != said.what.end()
            && found->second != "chat " + one.what.object)
          throw violation{"posted, and told otherwise: " + one.what.object};
      }
  }
}

/// Keys are kept for a time, so a script in which time passes says nothing.
void check_keys(const world& x, const told& all) {
  for (auto& group : x.script->together)
    for (auto& one : group)
      if (one.what == verb::passes)
        return;
  for (auto& [room, said] : all)
    for (auto& [key, places] : said.keyed)
      if (places.size() > 1)
        throw violation{"said twice: the key of " + key};
}

} // namespace

void check_logs(const world& x) {
  told all;
  for (auto& [name, who] : x.clients) {
    if (x.socket_of(who).surprised)
      throw violation{"told something before `connected`: " + name};
    if (who.speaks != dialect::text)
      for (auto& [from, heard] : x.socket_of(who).heard)
        if (x.actors[from].as == role::lane && x.actors[from].parent != 0)
          read_lane(x, who, from, heard, all);
  }
  check_posts(x, all);
  check_keys(x, all);
}

} // namespace parlor::explore
