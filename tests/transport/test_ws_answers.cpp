// SPDX-License-Identifier: MIT
#include "messages/limits.hpp"
#include "tests/support/catch.hpp"
#include "tests/transport/server.hpp"

#include <algorithm>
#include <string>
#include <vector>

using namespace parlor;
using namespace parlor::test;
using namespace std::chrono_literals;

namespace {

constexpr size_t frame_size = 60'000;

manners narrow() {
  manners how;
  how.serves = false;
  how.options.limits.outbox_bytes = 100'000;
  how.options.limits.outbox_stall = 60s;
  return how;
}

/// More than the kernel takes, and than may wait.
std::vector<frame> long_answer() {
  std::vector<frame> result;
  for (auto i = 0; i < 100; ++i)
    result.emplace_back(std::string(frame_size, 'x'));
  return result;
}

void read_answer(client& from) {
  for (auto i = 0; i < 100; ++i)
    REQUIRE(from.read_answer().payload.size() == frame_size);
}

} // namespace

TEST_CASE("an answer has room, whatever waits", "[answers]") {
  server host{narrow()};
  client one{host.port(), 4096};
  auto id = host.open(one);
  for (auto round = 0; round < 2; ++round) {
    host.on_thread([&] { host.sockets().answer(id, long_answer()); });
    read_answer(one);
  }
  CHECK(host.seen.ends().empty());
}

TEST_CASE("the room of an answer is nobody else's once it was taken",
          "[answers]") {
  server host{narrow()};
  client one{host.port(), 4096};
  auto id = host.open(one);
  host.on_thread([&] { host.sockets().answer(id, long_answer()); });
  read_answer(one);
  size_t most = 0;
  host.wait_until([&] {
    most = std::max(most, host.sockets().snapshot().outbox_bytes);
    host.sockets().send(id, frame{std::string(frame_size, 'y')});
    return !host.seen.ends().empty();
  });
  // Of 6 MB that the answer had; memory grows by doubling.
  CHECK(most <= 4 * (100'000 + frame_size));
}

TEST_CASE("who has no room may be served again once it has taken enough",
          "[answers]") {
  server host{narrow()};
  client one{host.port(), 4096};
  auto id = host.open(one);
  auto may = [&] {
    return host.on_thread(
      [&] { return host.sockets().may_serve(id, 1, max_questions); });
  };
  CHECK(may());
  // What the kernel takes at once takes no room.
  CHECK(host.on_thread([&] {
    host.sockets().send(id, frame{std::string(frame_size, 'x')});
    return host.sockets().may_serve(id, 1, max_questions);
  }));
  host.on_thread([&] { host.sockets().answer(id, long_answer()); });
  CHECK_FALSE(may());
  CHECK(host.seen.alarms().empty());
  CHECK(one.read_answer().payload.size() == frame_size);
  read_answer(one);
  CHECK(host.seen.wait_alarms(1).front() == id);
  CHECK(may());
}

TEST_CASE("who waits for answers may be served again once they are there",
          "[answers]") {
  server host{narrow()};
  client one{host.port()};
  auto id = host.open(one);
  for (auto i = 0; i < 12; ++i)
    one.send_text("question");
  host.seen.wait_texts(12);
  auto may = [&](size_t held) {
    return host.on_thread(
      [&] { return host.sockets().may_serve(id, held, max_questions); });
  };
  // One that is looked at, and eleven under way.
  CHECK_FALSE(may(1));
  CHECK_FALSE(may(4));
  CHECK(may(5));
  CHECK_FALSE(may(4));
  host.on_thread([&] { host.sockets().served(id); });
  CHECK(host.seen.wait_alarms(1).front() == id);
  CHECK(may(4));
}
