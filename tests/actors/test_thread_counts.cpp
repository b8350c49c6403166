// SPDX-License-Identifier: MIT
#include "tests/actors/connection_fixture.hpp"
#include "tests/actors/room_fixture.hpp"
#include "tests/support/catch.hpp"

#include <numeric>

using namespace parlor;
using namespace parlor::test;
using namespace std::chrono_literals;

/// What actors count for the metrics, on their thread.
namespace {

struct counting_connection : connection_fixture {
  uint64_t received(std::string_view type) {
    auto found = std::find(received_types.begin(), received_types.end(), type);
    REQUIRE(found != received_types.end());
    return sockets[0]
      .counts()
      .received[static_cast<size_t>(found - received_types.begin())];
  }

  uint64_t received_in_all() {
    auto& all = sockets[0].counts().received;
    return std::accumulate(all.begin(), all.end(), uint64_t{0});
  }
};

struct counting_room : room_fixture {
  std::array<uint64_t, 2> recovers() {
    auto& mine = env.place_of(room_name{"r"}).sockets->counts();
    return mine.recovers;
  }

  size_t timed() { return sockets[0].timed.size() + sockets[1].timed.size(); }
};

} // namespace

TEST_CASE_METHOD(counting_connection, "a frame is counted as what it is") {
  connect();
  enter();
  for (auto text :
       {R"({"type":"chat","room":"r","content":1})",
        R"({"action":"message","room":"r","content":1})",
        R"({"type":"leave","room":"no"})",
        R"({"type":"private","to":"bob","content":1})",
        R"({"type":"members","room":"r"})",
        R"({"type":"signal","room":"r","name":"n","data":1})",
        R"({"type":"presence","room":"r","data":1})",
        R"({"type":"history","room":"r"})", R"({"type":"hello","token":"t"})",
        R"({"type":"refresh","token":"t"})", R"({"type":"rooms"})",
        R"({"type":"ping"})"})
    say(text);
  CHECK(received("chat") == 2);
  for (auto type : {"join", "leave", "private", "members", "signal", "presence",
                    "history", "hello", "refresh", "rooms", "ping"}) {
    INFO(type);
    CHECK(received(type) == 1);
  }
  CHECK(received_in_all() == 13);
}

TEST_CASE_METHOD(counting_connection,
                 "what no command is made of has two names") {
  connect();
  for (auto i = 0; i < 20; ++i)
    say(R"({"type":"made-up-)" + std::to_string(i) + "\"}");
  say("{");
  say("[]");
  say(R"({"type":"join"})");
  CHECK(received("unknown") == 20);
  CHECK(received("malformed") == 3);
  CHECK(received_in_all() == 23);
}

TEST_CASE_METHOD(counting_connection, "a frame above the rate is dropped") {
  env.limits.messages_per_second = 1;
  env.limits.message_burst = 2;
  connect();
  for (auto i = 0; i < 5; ++i)
    say(R"({"type":"ping"})");
  CHECK(received("ping") == 5);
  CHECK(sockets[0].counts().dropped[index_of(drop::rate_limited)] == 3);
}

TEST_CASE_METHOD(counting_room, "a recovery is counted, and one that fails") {
  auto ann = make(0, "ann");
  enter(ann);
  say(ann, "1");
  CHECK(recovers() == std::array<uint64_t, 2>{0, 0});
  recover(make(0, "bob"), 1);
  CHECK(recovers() == std::array<uint64_t, 2>{0, 1});
  recover(make(1, "cat"), 1, {7, 7});
  CHECK(recovers() == std::array<uint64_t, 2>{1, 1});
  rewind(make(1, "dan"), 5);
  recover(ann, 1);
  CHECK(recovers() == std::array<uint64_t, 2>{1, 1});
}

TEST_CASE_METHOD(counting_room, "what is said is timed on each thread") {
  auto ann = make(0, "ann");
  enter(ann);
  enter(make(1, "bob"));
  CHECK(timed() == 0);
  advance(1s);
  auto before = state().self->clock().now();
  say(ann, "1");
  REQUIRE(timed() == 2);
  CHECK(sockets[0].timed[0] == before);
  announce("2");
  CHECK(timed() == 4);
  tell(room, signal_message{{}, ann.id, "n", "1"});
  CHECK(timed() == 4);
}
