// SPDX-License-Identifier: MIT
#include "tests/explore/scenarios.hpp"

#include <chrono>

namespace parlor::explore {

namespace {

using namespace std::chrono_literals;

scenario story(const char* name, const char* before, const char* together,
               std::function<void(limits&)> within = {}, size_t crashes = 0) {
  return {name, read_steps(before), read_together(together), std::move(within),
          crashes};
}

void one_each(limits& x) {
  x.max_connections_per_user = 1;
}

void grace(limits& x) {
  x.presence_grace = 2s;
}

/// The races of the documents that Parlor comes from.
std::vector<scenario> races() {
  return {
    story("connect-disconnect", "",
          "ann connects to r, ann vanishes | bob connects to r, bob hangs up"),
    story("replace-while-leaving", "ann connects to r",
          "ann2 connects to r | ann vanishes", one_each),
    story("join-meets-end", "ann connects, ann joins r, bob connects",
          "ann leaves r | bob joins r, bob says 1 in r"),
    story("join-meets-vanishing", "ann connects, ann joins r, bob connects",
          "ann vanishes | bob joins r, bob says 1 in r"),
    story("leave-and-rejoin", "ann connects, ann joins r",
          "ann leaves r, ann joins r, ann says 1 in r | admin posts 2 to r"),
    story("send-to-one-who-goes", "ann connects, bob connects",
          "ann whispers 1 to bob, ann whispers 2 to bob | bob vanishes"),
    story("send-to-one-who-comes", "ann connects",
          "ann whispers 1 to bob | bob connects to r"),
    story("broadcast-while-members-change",
          "ann connects, ann joins r, bob connects, carol connects to r",
          "ann says 1 in r, ann says 2 in r | bob joins r | carol leaves r"),
    story("notice-while-clients-change", "ann connects",
          "admin broadcasts 1 | bob connects | ann hangs up"),
    story("kick-during-join", "ann connects, ann joins r, bob connects",
          "bob joins r, bob says 1 in r | admin kicks bob"),
    story("two-evictions", "ann connects to r",
          "ann2 connects to r | ann3 connects to r", one_each),
  };
}

/// What else meets at the edges of a room's and a client's life.
std::vector<scenario> meetings() {
  return {
    story("recovery-meets-end",
          "ann connects, ann joins r, ann says 1 in r, "
          "bob connects, bob joins r, bob leaves r",
          "ann leaves r | bob joins r since 2"),
    story("recovery-meets-talk",
          "ann connects, ann joins r, bob connects, "
          "bob joins r, bob leaves r",
          "ann says 1 in r, ann says 2 in r | bob joins r since 2"),
    story("recovery-meets-expiry",
          "ann connects, ann joins r, ann says 1 in r, "
          "ann leaves r",
          "ann joins r since 2 | time passes 6min"),
    story("key-meets-itself",
          "ann connects to r, ann2 connects to r, "
          "bob connects to r",
          "ann says 1 in r keyed k, ann says 1 in r keyed k"
          " | ann2 says 1 in r keyed k | admin posts 1 to r"),
    story("key-meets-end", "ann connects to r",
          "ann says 1 in r keyed k, ann leaves r, ann joins r, "
          "ann says 1 in r keyed k"),
    story("return-meets-grace",
          "ann connects to r, ann vanishes, ann2 connects",
          "ann2 joins r, ann2 says 1 in r | time passes 2s", grace),
    story("return-meets-vanishing", "ann connects to r, bob connects to r",
          "ann vanishes | ann2 connects to r | time passes 2s", grace),
    story("history-expires", "ann connects to r, ann says 1 in r",
          "ann says 2 in r, ann leaves r, ann joins r rewinding 9"
          " | time passes 6min"),
    story("vacancy-meets-join",
          "ann connects, ann joins r, ann says 1 in r, "
          "ann leaves r, bob connects",
          "bob joins s | ann joins r rewinding 1",
          [](limits& x) { x.rooms = 1; }),
    story("full-room",
          "ann connects, ann joins r, bob connects, carol connects",
          "ann leaves r | bob joins r | carol joins r",
          [](limits& x) { x.members_per_room = 1; }),
    story("too-many-rooms", "ann connects, bob connects",
          "ann joins r, ann leaves r | bob joins s, bob leaves s",
          [](limits& x) { x.rooms = 1; }),
    story("full-house", "ann connects",
          "ann hangs up | bob connects to r | carol connects",
          [](limits& x) { x.max_connections = 2; }),
    story("presence-meets-leave", "ann connects to r, bob connects to r",
          "ann shows 1 in r, ann leaves r | time passes 100ms"
          " | bob shows 2 in r"),
    story("presence-meets-return",
          "ann connects to r, bob connects to r, "
          "ann shows 1 in r, bob shows 2 in r",
          "ann vanishes | ann2 connects, ann2 joins r with presence"
          " | time passes 2s",
          grace),
    story("closing-meets-connect", "ann connects to r",
          "bob connects to r | node closes"),
    story("posts-to-nowhere", "ann connects",
          "admin posts 1 to r | ann joins r rewinding 5"),
  };
}

/// Clients that go, or have to, before they were answered.
std::vector<scenario> partings() {
  return {
    story("join-talk-and-go", "bob connects to r, ann connects",
          "ann joins r, ann says 1 in r, ann says 2 in r, ann hangs up"
          " | bob leaves r"),
    story("join-again-and-go", "ann connects to r",
          "ann joins r, ann says 1 in r, ann hangs up"
          " | bob connects to r"),
    story("leave-join-and-go", "ann connects to r",
          "ann leaves r, ann joins r, ann says 1 in r, ann vanishes"
          " | bob connects to r"),
    story("whisper-and-go", "ann connects, bob connects",
          "ann whispers 1 to bob, ann joins r, ann whispers 2 to bob, "
          "ann says 3 in r, ann hangs up"
          " | bob joins r"),
    story("join-and-be-replaced", "ann connects",
          "ann joins r, ann says 1 in r | ann2 connects to r", one_each),
    story("go-and-be-replaced", "ann connects",
          "ann joins r, ann says 1 in r, ann hangs up | ann2 connects to r",
          one_each),
    story("go-from-a-full-room", "bob connects to r, ann connects",
          "ann joins r, ann says 1 in r, ann hangs up | bob leaves r",
          [](limits& x) { x.members_per_room = 1; }),
  };
}

/// A handler throws, any one of them.
std::vector<scenario> crashes() {
  return {
    story("room-crashes", "ann connects, ann joins r, bob connects",
          "ann says 1 in r, ann joins r | bob joins r", {}, 1),
    story("crash-meets-leave", "ann connects to r, bob connects to r",
          "ann leaves r | bob says 1 in r, bob vanishes", {}, 1),
    story("client-crashes", "ann connects to r",
          "bob connects to r, bob says 1 in r", {}, 1),
    story("two-crashes", "ann connects to r", "ann says 1 in r, ann joins r",
          {}, 2),
  };
}

std::vector<scenario> all() {
  auto result = races();
  for (auto part : {meetings(), partings(), crashes()})
    result.insert(result.end(), part.begin(), part.end());
  // The largest comes last.
  result.push_back(
    story("four-at-once", "ann connects to r, bob connects, carol connects",
          "ann says 1 in r, ann leaves r | bob joins r, bob says 2 in r"
          " | carol joins r, carol vanishes | admin kicks bob"));
  return result;
}

} // namespace

const std::vector<scenario>& scenarios() {
  static const auto result = all();
  return result;
}

} // namespace parlor::explore
