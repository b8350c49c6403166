// SPDX-License-Identifier: MIT
#include "tests/scaling/changes.hpp"
#include "tests/scaling/command_line.hpp"
#include "tests/scaling/publishes.hpp"
#include "tests/support/catch.hpp"

#include <set>

// The costs of docs/scaling.md, as sums over who has a part in each room: what
// is sent by this much more, or less, is another protocol.

using namespace parlor;
using namespace parlor::scaling;

namespace {

node_id home_of(counted_cluster& in, const std::string& room) {
  placement where{in.members()};
  return *where.of(room).home;
}

/// None where the home is alone.
node_id standby_of(counted_cluster& in, const std::string& room) {
  placement where{in.members()};
  auto found = where.of(room).standby;
  return found != nullptr ? *found : node_id{};
}

/// The nodes with members in this room, of those that run.
std::set<node_id> crowd_of(counted_cluster& in, const std::string& room,
                           size_t spread) {
  std::set<node_id> result;
  for (auto which : in.crowd_of(room, spread))
    if (in.nodes[which].running)
      result.insert(in.nodes[which].id);
  return result;
}

/// Who has a part in it, but for its home.
size_t others(counted_cluster& in, const std::string& room, size_t spread) {
  auto all = crowd_of(in, room, spread);
  if (auto standby = standby_of(in, room); !standby.empty())
    all.insert(standby);
  all.erase(home_of(in, room));
  return all.size();
}

size_t others(counted_cluster& in, const std::vector<std::string>& rooms,
              size_t spread) {
  size_t result = 0;
  for (auto& room : rooms)
    result += others(in, room, spread);
  return result;
}

} // namespace

TEST_CASE("a message goes to its room's home, to all parts, and stays") {
  for (size_t nodes : {1, 2, 3, 7})
    for (size_t spread : {size_t{1}, std::min<size_t>(nodes, 3), nodes}) {
      CAPTURE(nodes, spread);
      counted_cluster all{nodes};
      auto rooms = names("room-", 20);
      all.open_rooms(rooms, spread);
      for (auto& room : rooms) {
        auto speaker = all.nodes[all.crowd_of(room, spread).front()].id;
        auto cost = speak(all, {room}, spread, 1);
        CHECK(cost.published == 1);
        CHECK(cost.sent[kind::proposal] == (speaker != home_of(all, room)));
        CHECK(cost.sent[kind::decision] == others(all, room, spread));
        CHECK(cost.sent[kind::mark] == others(all, room, spread));
        CHECK(cost.sent[kind::ack] == (nodes > 1));
        CHECK(cost.sent.of_rooms()
              == cost.sent[kind::proposal] + cost.sent[kind::decision]
                   + cost.sent[kind::mark] + cost.sent[kind::ack]);
      }
    }
}

TEST_CASE("messages at once go in frames, and the standby answers twice") {
  counted_cluster all{3};
  auto rooms = names("room-", 20);
  all.open_rooms(rooms, 3);
  auto one = speak(all, rooms, 3, 1);
  auto ten = speak(all, rooms, 3, 10);
  for (auto which : {kind::proposal, kind::decision, kind::mark})
    CHECK(ten.sent[which] == 10 * one.sent[which]);
  // But for the last: what a mark says of it is all.
  CHECK(one.sent[kind::ack] == rooms.size());
  CHECK(ten.sent[kind::ack] == 19 * rooms.size());
  CHECK(one.sent.frames == one.sent.of_rooms());
  CHECK(ten.sent.frames <= 2 * one.sent.frames);
}

TEST_CASE("a home asks all nodes before its room opens") {
  for (size_t nodes : {1, 3, 7}) {
    CAPTURE(nodes);
    counted_cluster all{nodes};
    auto rooms = names("room-", 20);
    auto cost = change(all, rooms, [&] { all.open_rooms(rooms, 1); });
    CHECK(cost.homes == 0);
    CHECK(cost.sent[kind::ask] == rooms.size() * (nodes - 1));
    CHECK(cost.sent[kind::promise] >= cost.sent[kind::ask]);
  }
}

TEST_CASE("a view in which nothing moves costs each part of a room two marks") {
  counted_cluster all{7};
  auto rooms = names("room-", 50);
  all.open_rooms(rooms, 3);
  auto cost = change(all, rooms, [&] { all.look_again(); });
  CHECK(cost.homes + cost.standbys == 0);
  CHECK(cost.sent[kind::mark] == 2 * others(all, rooms, 3));
  CHECK(cost.sent[kind::ack] == 2 * rooms.size());
  CHECK(cost.sent.of_rooms() == cost.sent[kind::mark] + cost.sent[kind::ack]);
}

TEST_CASE("a node that crashes moves its own rooms, to their standbys") {
  constexpr size_t spread = 3;
  counted_cluster all{7};
  auto rooms = names("room-", 200);
  all.open_rooms(rooms, spread);
  auto lost = all.nodes.back().id;
  std::vector<std::pair<node_id, node_id>> before;
  for (auto& room : rooms)
    before.emplace_back(home_of(all, room), standby_of(all, room));
  auto cost = change(all, rooms, [&] { all.crash(all.nodes.size() - 1); });
  size_t homes = 0;
  size_t standbys = 0;
  size_t asked = 0;
  for (size_t i = 0; i < rooms.size(); ++i) {
    auto& [home, standby] = before[i];
    auto now = standby_of(all, rooms[i]);
    CHECK(home_of(all, rooms[i]) == (home == lost ? standby : home));
    homes += home == lost;
    standbys += now != standby;
    // The new home asks everyone, an old one a standby that it does not know.
    if (home == lost)
      asked += 5;
    else if (standby == lost)
      asked += !crowd_of(all, rooms[i], spread).contains(now);
  }
  CHECK(homes > 0);
  CHECK(cost.homes == homes);
  CHECK(cost.standbys == standbys);
  CHECK(cost.sent[kind::ask] == asked);
  auto back = change(all, rooms, [&] { all.come_back(all.nodes.size() - 1); });
  CHECK(back.homes == homes);
  // It has the log of each from who was home meanwhile.
  CHECK(back.sent[kind::fetch] == homes);
  CHECK(back.sent[kind::part] == homes);
}

TEST_CASE("what is no command line is refused") {
  CHECK(run({}) == 2);
  CHECK(run({"--nodes"}) == 2);
  CHECK(run({"--nodes", "0", "--placing"}) == 2);
  CHECK(run({"--nodes", "3,x", "--placing"}) == 2);
  CHECK(run({"--rooms", "-1", "--changes"}) == 2);
  CHECK(run({"--size", "1"}) == 2);
}
