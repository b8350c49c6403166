// SPDX-License-Identifier: MIT
#include "tests/support/catch.hpp"
#include "tests/transport/server.hpp"

#include <memory>
#include <numeric>
#include <string>
#include <vector>

using namespace parlor;
using namespace parlor::test;
using namespace std::chrono_literals;

/// What sockets count for the metrics.
namespace {

thread_counts counts_of(server& host) {
  return host.on_thread([&] { return host.sockets().snapshot(); });
}

uint64_t dropped(server& host, drop why) {
  return counts_of(host).dropped[index_of(why)];
}

const frame chat{"hello", frame_kind::chat};

} // namespace

TEST_CASE("opened and closed are counted, closed by code", "[counts]") {
  server host;
  for (unsigned code : {1000u, 1001u, 1001u}) {
    client one{host.port()};
    host.open(one);
    one.send_close(code);
    one.drop_all();
  }
  client gone{host.port()};
  host.open(gone);
  gone.reset();
  host.wait_idle();
  auto counts = counts_of(host);
  CHECK(counts.opened == 4);
  CHECK(counts.closed[index_of(close_code::normal)] == 1);
  CHECK(counts.closed[index_of(close_code::going_away)] == 2);
  CHECK(counts.closed[index_of(close_code::abnormal)] == 1);
}

TEST_CASE("clients' own close codes are one", "[counts]") {
  server host;
  for (unsigned code : {3000u, 3999u, 4005u, 4321u, 4999u}) {
    client one{host.port()};
    host.open(one);
    one.send_close(code);
    one.drop_all();
  }
  host.wait_idle();
  CHECK(counts_of(host).closed.back() == 5);
}

TEST_CASE("the code of the service counts, not the peer's echo", "[counts]") {
  server host;
  client one{host.port()};
  auto id = host.open(one);
  host.on_thread([&] { host.sockets().close(id, close_code::kicked, ""); });
  CHECK(one.read_frame().code() == 4004);
  one.send_close(1000);
  host.wait_idle();
  auto counts = counts_of(host);
  CHECK(counts.closed[index_of(close_code::kicked)] == 1);
  CHECK(std::accumulate(counts.closed.begin(), counts.closed.end(), 0u) == 1);
}

TEST_CASE("a message is sent once for each who gets it", "[counts]") {
  server host;
  std::vector<std::unique_ptr<client>> clients;
  std::vector<connection_id> ids;
  for (auto i = 0; i < 3; ++i) {
    clients.push_back(std::make_unique<client>(host.port()));
    ids.push_back(host.open(*clients.back()));
  }
  ids.push_back({0, 77, 1});
  host.on_thread([&] {
    host.sockets().send(ids, chat);
    host.sockets().send(ids[0], frame{"x", frame_kind::reply});
    frames everyone;
    everyone[dialect::typed] = frame{"all", frame_kind::system};
    host.sockets().send_all(everyone, std::span{ids}.first(1));
  });
  auto counts = counts_of(host);
  CHECK(counts.sent[index_of(frame_kind::chat)] == 3);
  CHECK(counts.sent[index_of(frame_kind::reply)] == 1);
  CHECK(counts.sent[index_of(frame_kind::system)] == 2);
  CHECK(counts.dropped[index_of(drop::gone)] == 1);
}

TEST_CASE("what comes behind a close is dropped", "[counts]") {
  server host;
  client one{host.port()};
  auto id = host.open(one);
  host.on_thread([&] {
    host.sockets().close(id, close_code::kicked, "");
    host.sockets().send(id, chat);
    host.sockets().send(id, chat);
  });
  CHECK(dropped(host, drop::closing) == 2);
  CHECK(counts_of(host).sent[index_of(frame_kind::chat)] == 0);
}

TEST_CASE("what may be left out is dropped for who lags", "[counts]") {
  server host;
  client one{host.port(), 4096};
  auto id = host.open(one);
  frame piece{std::string(60000, 'x'), frame_kind::chat};
  host.wait_until([&] {
    host.sockets().send(id, piece);
    return host.sockets().snapshot().outbox_bytes > 0;
  });
  auto before = counts_of(host).sent[index_of(frame_kind::signal)];
  host.on_thread([&] {
    host.sockets().send_fleeting(std::span{&id, 1},
                                 frame{"typing", frame_kind::signal});
  });
  CHECK(dropped(host, drop::lagging) == 1);
  CHECK(counts_of(host).sent[index_of(frame_kind::signal)] == before);
}

TEST_CASE("what does not fit an outbox is dropped", "[counts]") {
  server host;
  client one{host.port(), 4096};
  auto id = host.open(one);
  frame piece{std::string(60000, 'x'), frame_kind::chat};
  host.wait_until([&] {
    for (auto i = 0; i < 8; ++i)
      host.sockets().send(id, piece);
    return !host.seen.ends().empty();
  });
  CHECK(dropped(host, drop::overflow) > 0);
  CHECK(counts_of(host).closed[index_of(close_code::slow_consumer)] == 1);
}

TEST_CASE("bytes are counted both ways", "[counts]") {
  server host;
  client one{host.port()};
  auto id = host.open(one);
  auto before = counts_of(host);
  host.on_thread([&] { host.sockets().send(id, chat); });
  one.read_frame();
  one.send_text("12345");
  host.seen.wait_texts(1);
  auto after = counts_of(host);
  CHECK(after.bytes_sent - before.bytes_sent == chat.bytes().size());
  CHECK(after.bytes_received - before.bytes_received == 2 + 4 + 5);
}

TEST_CASE("a fan-out's time is counted once it is out", "[counts]") {
  server host;
  client one{host.port()};
  auto id = host.open(one);
  auto early = host.on_thread([&] {
    host.sockets().send(id, chat);
    host.sockets().time_fanout(std::chrono::steady_clock::now() - 1h);
    return host.sockets().snapshot().fanout.sum;
  });
  CHECK(early == 0ns);
  one.read_frame();
  auto fanout = counts_of(host).fanout;
  CHECK(fanout.steps.back() == 1);
  CHECK(fanout.sum >= 1h);
}

TEST_CASE("/echo is in no count but that of bytes", "[counts]") {
  manners how;
  how.options.echo = true;
  server host{how};
  client one{host.port()};
  one.upgrade("/echo");
  one.send_text("hello");
  CHECK(one.read_frame().payload == "hello");
  one.send_close(1000);
  one.drop_all();
  host.wait_idle();
  auto counts = counts_of(host);
  CHECK(counts.opened == 0);
  CHECK(std::accumulate(counts.closed.begin(), counts.closed.end(), 0u) == 0);
  CHECK(std::accumulate(counts.sent.begin(), counts.sent.end(), 0u) == 0);
  CHECK(counts.bytes_received > 0);
}
