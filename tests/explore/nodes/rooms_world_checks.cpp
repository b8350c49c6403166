// SPDX-License-Identifier: MIT
#include "tests/explore/nodes/rooms_world.hpp"

#include <nlohmann/json.hpp>

#include <set>

// What people were told, and whether it holds.
namespace parlor::explore {

void rooms_world::read(person& x) {
  listen(*x.is);
  for (auto& text : take(*x.is))
    read(x, text);
}

void rooms_world::read(person& x, const std::string& text) {
  auto frame = nlohmann::json::parse(text);
  std::string type = frame["type"];
  if (type == "reply" && frame["id"] == "join") {
    x.joined = true;
    x.log.clear();
    x.epoch = frame["epoch"];
    x.since = to_epoch(x.epoch);
    x.seq = frame["seq"];
  } else if (type == "reply" && frame["id"] == "leave") {
    count("left");
    x.joined = x.leaving = x.asked_in = false;
  } else if (type == "reply" || type == "error") {
    if (!frame.contains("id"))
      throw violation{"an error for nobody: " + text};
    if (frame["id"] == "join") {
      if (frame["code"] != "unavailable")
        throw violation{"not let in: " + text};
      count("not let in");
      x.asked_in = false;
      return;
    }
    auto open = x.open.extract(frame["id"].get<uint64_t>());
    if (open.empty())
      throw violation{"answered twice: " + text};
    if (type == "reply") {
      count("confirmed");
      x.said[{to_epoch(frame["epoch"].get<std::string>()), frame["seq"]}]
        = open.mapped();
    } else {
      count("unavailable");
      if (has_key(open.mapped()))
        x.again.push_back(open.mapped());
      auto outside = !x.asked_in || frame["id"] <= x.asked_before;
      if (frame["code"] != "unavailable"
          && !(outside && frame["code"] == "not_in_room"))
        throw violation{"refused: " + text};
    }
  } else if (type == "room_reset") {
    count("room_reset");
    uint64_t seq = frame["seq"];
    if (seq > x.seq && !x.log.empty() && seq > x.log.rbegin()->first)
      // It begins anew behind what it knows.
      x.log.clear();
    x.log.erase(x.log.upper_bound(seq), x.log.end());
    x.epoch = frame["epoch"];
    x.seq = seq;
  } else if (frame.contains("seq")) {
    uint64_t seq = frame["seq"];
    if (!x.joined)
      throw violation{x.name + " is not in and is told " + text};
    if (seq != x.seq + 1)
      throw violation{x.name + " had " + std::to_string(x.seq) + " and is told "
                      + text};
    x.seq = seq;
    // A node without a lease has nobody, for the others.
    if (!leases_lost_ && type == "user_left" && frame["user_id"] == x.name)
      throw violation{x.name + " is in and is told " + text};
    auto what = type == "chat"
                  ? frame["content"].dump()
                  : type + " " + frame["user_id"].get<std::string>();
    x.log[seq] = what;
  }
}

void rooms_world::check() {
  std::map<uint64_t, std::string> all;
  for (auto& x : people_) {
    if (x.is->at == nullptr || !x.here)
      continue;
    if (!x.joined)
      throw violation{x.name + " was never let in"};
    if (!x.open.empty())
      throw violation{x.name + " was not answered"};
    for (auto& [seq, what] : x.log)
      if (auto& known = all.try_emplace(seq, what).first->second; known != what)
        throw violation{"two orders at " + std::to_string(seq) + ": " + known
                        + " and " + what};
  }
  std::map<std::string, uint64_t> once;
  for (auto& [seq, what] : all)
    if (what.find(' ') == what.npos && !once.emplace(what, seq).second)
      throw violation{"said twice: " + what};
  check_confirmed();
  check_replicas();
}

/// A room that had ended meanwhile begins anew at 1, in a later epoch.
void rooms_world::check_confirmed() {
  for (auto& x : people_)
    for (auto& [at, what] : x.said)
      for (auto& y : people_)
        if (y.is->at != nullptr && y.here && at.epoch >= y.since
            && y.log.contains(at.seq) && y.log.at(at.seq) != what)
          throw violation{"confirmed, but " + y.name + " was told "
                          + y.log.at(at.seq) + " for " + what};
        else if (y.is->at != nullptr && y.here && at.epoch >= y.since
                 && !y.log.empty() && at.seq > y.log.begin()->first
                 && !y.log.contains(at.seq))
          throw violation{"confirmed, but " + y.name + " was never told "
                          + what};
}

/// All replicas know the same members, which are those who are there.
void rooms_world::check_replicas() {
  std::set<std::string> users;
  for (auto& x : people_)
    if (x.is->at != nullptr && x.here)
      users.insert(x.name);
  for (auto& x : nodes) {
    if (!x.running)
      continue;
    auto& rooms = state_of<directory_state>(x.core.directory).rooms;
    auto found = rooms.find(room_name{room});
    if (found == rooms.end()) {
      if (!users.empty() && (&x == &home_of(room)))
        throw violation{"no room at its home"};
      continue;
    }
    auto& state = state_of<room_state>(found->second.handle);
    std::set<std::string> known;
    for (auto& user : state.shared->everyone().users())
      known.insert(user.str());
    if (known != users)
      throw violation{"members at " + x.id.str()
                      + " are not those who are there"};
    if (!state.shared->part().joined())
      throw violation{"a replica is left behind"};
  }
}

} // namespace parlor::explore
