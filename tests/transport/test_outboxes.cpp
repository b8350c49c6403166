// SPDX-License-Identifier: MIT
#include "tests/support/catch.hpp"
#include "tests/transport/server.hpp"

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

using namespace parlor;
using namespace parlor::test;
using namespace std::chrono_literals;

namespace {

constexpr size_t most = 8'000'000;

manners bounded() {
  manners how;
  how.options.outboxes_bytes = most;
  how.options.limits.outbox_bytes = 100'000'000;
  how.options.limits.outbox_stall = 60s;
  return how;
}

/// Clients that read when they are told to.
struct crowd {
  explicit crowd(server& host, size_t size) {
    for (size_t i = 0; i < size; ++i) {
      clients.push_back(std::make_unique<client>(host.port(), 4096));
      ids.push_back(host.open(*clients.back()));
    }
  }

  std::vector<std::unique_ptr<client>> clients;
  std::vector<connection_id> ids;
};

size_t held(server& host, const crowd& all) {
  return host.on_thread([&] {
    size_t result = 0;
    for (auto id : all.ids)
      result += host.sockets().vitals(id).outbox_bytes;
    return result;
  });
}

/// Frames of this size until so many clients were closed. Returns the most that
/// was held between two turns.
size_t flood(server& host, std::span<const connection_id> ids, size_t closed) {
  frame piece{std::string(60000, 'x')};
  size_t result = 0;
  host.wait_until([&] {
    result = std::max(result, host.sockets().snapshot().outbox_bytes);
    for (auto i = 0; i < 8; ++i)
      host.sockets().send(ids, piece);
    return host.seen.ends().size() >= closed;
  });
  return result;
}

} // namespace

TEST_CASE("outboxes together hold what they may, and no more", "[outboxes]") {
  server host{bounded()};
  crowd slow{host, 20};
  auto worst = flood(host, slow.ids, 20);
  CHECK(worst <= most);
  CHECK(worst > most / 2);
  CHECK(held(host, slow) <= most);
  for (auto& end : host.seen.wait_ends(20)) {
    CHECK(end.code == close_code::slow_consumer);
    CHECK(end.reason == "slow consumer");
  }
}

TEST_CASE("those for whom most waits are closed first", "[outboxes]") {
  server host{bounded()};
  crowd all{host, 2};
  // More than the kernel takes, so that some of it waits.
  flood(host, std::span{all.ids}.first(1), 1);
  auto end = host.seen.wait_ends(1).front();
  CHECK(end.who == all.ids[0]);
  host.on_thread([&] { host.sockets().send(all.ids[1], frame{"hello"}); });
  CHECK(all.clients[1]->read_answer().payload == "hello");
  CHECK(host.seen.ends().size() == 1);
}

TEST_CASE("who is closed for room gets 4008 behind whole frames",
          "[outboxes]") {
  server host{bounded()};
  crowd one{host, 1};
  flood(host, one.ids, 1);
  CHECK(held(host, one) < 70000);
  wire_frame got;
  while ((got = one.clients[0]->read_answer()).head == text_head)
    if (got.payload.size() != 60000)
      FAIL("a frame was broken");
  CHECK(got.head == close_head);
  CHECK(got.code() == 4008);
  one.clients[0]->send_close(4008);
  CHECK(one.clients[0]->wait_end() == ending::eof);
  host.wait_idle();
}

TEST_CASE("a frame under way stays whole however often the socket takes some",
          "[outboxes]") {
  auto how = bounded();
  how.options.outboxes_bytes = 30'000'000;
  server host{how};
  crowd one{host, 1};
  // So much that what is gone of it is the larger part in the end, and is moved
  // over.
  host.on_thread([&] {
    for (auto i = 0; i < 400; ++i)
      host.sockets().send(one.ids[0], frame{std::string(50000, 'y')});
  });
  for (auto i = 0; i < 300; ++i)
    REQUIRE(one.clients[0]->read_answer().payload.size() == 50000);
  flood(host, one.ids, 1);
  wire_frame got;
  while ((got = one.clients[0]->read_answer()).head == text_head)
    if (got.payload.size() != 50000 && got.payload.size() != 60000)
      FAIL("a frame was broken");
  CHECK(got.code() == 4008);
}

TEST_CASE("what closed clients leave behind gives way too", "[outboxes]") {
  auto how = bounded();
  how.options.outboxes_bytes = 200'000;
  server host{how};
  crowd slow{host, 20};
  CHECK(flood(host, slow.ids, 20) <= 200'000);
}

TEST_CASE("memory that was held is free once it was read", "[outboxes]") {
  server host{bounded()};
  crowd one{host, 1};
  for (auto round = 0; round < 5; ++round) {
    host.on_thread([&] {
      for (auto i = 0; i < 40; ++i)
        host.sockets().send(one.ids[0], frame{std::string(60000, 'x')});
    });
    for (auto i = 0; i < 40; ++i)
      REQUIRE(one.clients[0]->read_answer().payload.size() == 60000);
  }
  CHECK(held(host, one) == 0);
  CHECK(host.seen.ends().empty());
}
