// SPDX-License-Identifier: MIT
#pragma once

#include "tests/actors/whole_fixture.hpp"
#include "tests/support/catch.hpp"

#include <algorithm>
#include <map>
#include <set>

/// What holds of a whole node whenever nothing is on its way (DESIGN 5).
namespace parlor::test {

/// The registry knows those connections that live, and no others.
inline void check_registry(whole_fixture& x) {
  size_t alive = 0;
  for (auto& one : x.clients) {
    if (x.ended(one.handle)) {
      REQUIRE(x.registry().residents.find(one.id) == nullptr);
    } else {
      ++alive;
      auto* found = x.registry().residents.find(one.id);
      REQUIRE(found);
      REQUIRE(found->handle == one.handle);
      REQUIRE_FALSE(found->leaving);
    }
  }
  REQUIRE(x.registry().residents.size() == alive);
  REQUIRE(x.registry().monitored.size() == alive);
}

/// Those who believe to be in a room, by what their connections know.
inline std::set<connection_id> seated_in(whole_fixture& x,
                                         const room_actor& room) {
  std::set<connection_id> result;
  for (auto& one : x.clients) {
    if (x.ended(one.handle))
      continue;
    for (auto& seat : x.state_of<connection_state>(one.handle).seats) {
      REQUIRE_FALSE(seat.joining);
      REQUIRE(seat.held.empty());
      if (seat.handle == room)
        result.insert(one.id);
    }
  }
  return result;
}

/// A room, its lanes and its members' connections agree on who is in.
inline void check_room(whole_fixture& x, const room_actor& handle) {
  REQUIRE_FALSE(x.ended(handle));
  auto& room = x.state_of<room_state>(handle);
  auto seated = seated_in(x, handle);
  REQUIRE(room.members.size() == seated.size());
  REQUIRE(room.monitored.size() == seated.size());
  size_t in_lanes = 0;
  for (auto& lane : room.lanes) {
    if (!lane.handle)
      continue;
    auto& state = x.state_of<lane_state>(lane.handle);
    for (auto& speakers : state.members)
      for (auto id : speakers) {
        ++in_lanes;
        REQUIRE(seated.count(id) == 1);
      }
  }
  REQUIRE(in_lanes == seated.size());
  for (auto id : seated)
    REQUIRE(room.members.find(id) != nullptr);
}

/// No empty room is kept but for its history, and no seat is in a room that is
/// not listed.
inline void check_directory(whole_fixture& x) {
  size_t seats = 0;
  size_t vacant = 0;
  for (auto& [name, entry] : x.directory().rooms) {
    check_room(x, entry.handle);
    auto& room = x.state_of<room_state>(entry.handle);
    REQUIRE(entry.epoch == room.order.epoch());
    REQUIRE(entry.occupied == !room.members.empty());
    if (room.members.empty()) {
      REQUIRE(room.log.published());
      REQUIRE(x.directory().vacant.at(name).bytes
              == room_bytes + room.log.bytes());
    }
    vacant += room.members.empty();
    seats += room.members.size();
  }
  REQUIRE(x.directory().vacant.size() == vacant);
  REQUIRE(x.directory().occupied_rooms.size()
          == x.directory().rooms.size() - vacant);
  for (auto& one : x.clients)
    if (!x.ended(one.handle))
      for (auto& seat : x.state_of<connection_state>(one.handle).seats) {
        REQUIRE(x.room_named(seat.room.str().c_str()) == seat.handle);
        --seats;
      }
  REQUIRE(seats == 0);
}

/// Where a text has `"key":`, the characters of its value up to the next comma
/// or brace.
inline std::string value_of(const std::string& text, const char* key) {
  auto at = text.find("\"" + std::string{key} + "\":");
  if (at == std::string::npos)
    return {};
  at = text.find(':', at) + 1;
  return text.substr(at, text.find_first_of(",}", at) - at);
}

/// What a member of a room was told of it, by (epoch, seq): from its join's
/// reply on, without hole or double. Every join has to carry an id.
class room_log {
public:
  explicit room_log(const texts& heard) {
    for (auto& text : heard)
      read(text);
  }

  const std::map<std::pair<std::string, uint64_t>, std::string>& all() const {
    return told_;
  }

  uint64_t last() const { return last_; }

private:
  void read(const std::string& text) {
    auto seq_text = value_of(text, "seq");
    if (seq_text.empty())
      return;
    auto seq = std::stoull(seq_text);
    if (has(text, R"("type":"reply")")) {
      if (!has(text, R"("members":)") && !has(text, R"("member_count":)"))
        return;
      epoch_ = value_of(text, "epoch");
    } else {
      REQUIRE(seq == last_ + 1);
      REQUIRE(told_.emplace(std::pair{epoch_, seq}, text).second);
    }
    last_ = seq;
  }

  std::string epoch_;
  uint64_t last_ = 0;
  std::map<std::pair<std::string, uint64_t>, std::string> told_;
};

/// The members of a room were told the same, up to its last number.
inline void check_logs(whole_fixture& x, const char* room) {
  std::map<std::pair<std::string, uint64_t>, std::string> agreed;
  auto handle = x.room_named(room);
  for (auto& one : x.clients) {
    room_log log{x.sockets[one.id.thread()].sent[one.id]};
    for (auto& [number, text] : log.all())
      REQUIRE(agreed.emplace(number, text).first->second == text);
    if (!handle || x.ended(one.handle))
      continue;
    auto& state = x.state_of<room_state>(handle);
    if (state.members.find(one.id) != nullptr)
      REQUIRE(log.last() == state.order.seq());
  }
}

/// Every frame of a living client was served, and once.
inline void check_service(whole_fixture& x) {
  for (auto& one : x.clients)
    if (!x.ended(one.handle))
      REQUIRE(x.served(one) == one.said);
}

inline void check_indexes(whole_fixture& x) {
  check_registry(x);
  check_directory(x);
}

} // namespace parlor::test
