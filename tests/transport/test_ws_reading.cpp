// SPDX-License-Identifier: MIT
#include "messages/limits.hpp"
#include "tests/support/catch.hpp"
#include "tests/transport/server.hpp"

#include <string>
#include <vector>

using namespace parlor;
using namespace parlor::test;
using namespace std::chrono_literals;

TEST_CASE("messages of every size reach the actor in order", "[ws_session]") {
  server host;
  client one{host.port()};
  host.open(one);
  std::vector<std::string> sent;
  for (size_t size :
       {0u, 1u, 125u, 126u, 255u, 256u, 257u, 4096u, 65535u, 65536u, 3u}) {
    sent.emplace_back(size, char('a' + size % 26));
    one.send_text(sent.back());
  }
  CHECK(host.seen.wait_texts(sent.size()) == sent);
}

TEST_CASE("the fragments of a message are put together", "[ws_session]") {
  server host;
  client one{host.port()};
  host.open(one);
  one.send_frame(0x01, "");
  one.send_frame(0x00, "one ");
  one.send_frame(ping_head, "p");
  one.send_frame(0x00, std::string(1000, 'x'));
  one.send_frame(0x00, "");
  one.send_frame(0x80, " end");
  one.send_text("next");
  auto texts = host.seen.wait_texts(2);
  CHECK(texts[0] == "one " + std::string(1000, 'x') + " end");
  CHECK(texts[1] == "next");
  CHECK(one.read_frame().head == pong_head);
}

TEST_CASE("a character may be divided between fragments", "[ws_session]") {
  server host;
  client one{host.port()};
  host.open(one);
  one.send_frame(0x01, "\xF0\x9F");
  one.send_frame(0x80, "\x98\x80");
  CHECK(host.seen.wait_texts(1).front() == "\xF0\x9F\x98\x80");
}

TEST_CASE("what comes together with the upgrade request is not lost",
          "[ws_session]") {
  server host;
  client one{host.port()};
  // Masked with zeros.
  std::string early("\x81\x82\0\0\0\0hi\x81\x82\0\0\0\0ho", 16);
  one.send(upgrade_request("/ws/ada") + early);
  one.read_head();
  one.send_text("hu");
  CHECK(host.seen.wait_texts(3) == std::vector<std::string>{"hi", "ho", "hu"});
}

TEST_CASE("nothing is read before admission", "[ws_session]") {
  manners how;
  how.admits = false;
  server host{how};
  client one{host.port()};
  auto id = host.open(one);
  one.send_text("hello");
  for (int i = 0; i < 100; ++i)
    host.on_thread([] {});
  CHECK(host.seen.texts().empty());
  host.on_thread([&] { host.sockets().admit(id); });
  CHECK(host.seen.wait_texts(1).front() == "hello");
}

TEST_CASE("who is never admitted is closed as overloaded", "[ws_session]") {
  manners how;
  how.admits = false;
  how.options.limits.handshake_timeout = 1s;
  server host{how};
  client one{host.port()};
  host.open(one);
  CHECK(one.read_frame().code() == 1013);
  one.send_close(1013);
  CHECK(one.wait_end() == ending::eof);
  CHECK(host.only_end().code == close_code::try_again_later);
}

TEST_CASE("an actor that serves nothing is sent what its credit allows",
          "[ws_session]") {
  manners how;
  how.serves = false;
  server host{how};
  client one{host.port()};
  auto id = host.open(one);
  for (int i = 0; i < 1000; ++i)
    one.send_text(std::to_string(i));
  host.seen.wait_texts(read_credit);
  for (int i = 0; i < 100; ++i)
    host.on_thread([] {});
  CHECK(host.seen.texts().size() == read_credit);
  auto serve = [&] { host.sockets().served(id); };
  for (int i = 0; i < 10; ++i)
    host.on_thread(serve);
  host.seen.wait_texts(read_credit + 10);
  for (int i = 0; i < 100; ++i)
    host.on_thread([] {});
  CHECK(host.seen.texts().size() == read_credit + 10);
  host.on_thread([&] { host.sockets().all_served(id); });
  CHECK(host.seen.wait_texts(2 * read_credit + 10).size()
        == 2 * read_credit + 10);
}

TEST_CASE("more is never given back than was taken", "[ws_session]") {
  manners how;
  how.serves = false;
  server host{how};
  client one{host.port()};
  auto id = host.open(one);
  host.on_thread([&] {
    for (int i = 0; i < 100; ++i)
      host.sockets().served(id);
  });
  for (int i = 0; i < 100; ++i)
    one.send_text("x");
  host.seen.wait_texts(read_credit);
  for (int i = 0; i < 100; ++i)
    host.on_thread([] {});
  CHECK(host.seen.texts().size() == read_credit);
}

TEST_CASE("a client that waits for credit is not taken for silent",
          "[ws_session]") {
  manners how;
  how.serves = false;
  how.options.limits.heartbeat_interval = 100ms;
  how.options.limits.heartbeat_timeout = 2s;
  server host{how};
  client one{host.port()};
  auto id = host.open(one);
  for (uint32_t i = 0; i <= read_credit; ++i)
    one.send_text("x");
  for (int pings = 0; pings < 30; ++pings)
    CHECK(one.read_frame().head == ping_head);
  CHECK(host.seen.ends().empty());
  host.on_thread([&] { host.sockets().all_served(id); });
  CHECK(host.seen.wait_texts(read_credit + 1).size() == read_credit + 1);
}

TEST_CASE("a ping that is answered measures the round trip", "[ws_session]") {
  manners how;
  how.options.limits.heartbeat_interval = 100ms;
  server host{how};
  client one{host.port()};
  auto id = host.open(one);
  one.send_frame(pong_head, "12345678");
  auto ping = one.read_frame();
  CHECK(ping.head == ping_head);
  CHECK_FALSE(
    host.on_thread([&] { return host.sockets().vitals(id).round_trip; }));
  one.send_frame(pong_head, ping.payload);
  // Who was slow has been sent another, and that one counts.
  auto is_measured = [&] {
    return host.on_thread(
      [&] { return host.sockets().vitals(id).round_trip.has_value(); });
  };
  while (!is_measured())
    one.send_frame(pong_head, one.read_frame().payload);
}

TEST_CASE("who answers pings stays", "[ws_session]") {
  manners how;
  how.options.limits.heartbeat_interval = 100ms;
  how.options.limits.heartbeat_timeout = 1s;
  server host{how};
  client one{host.port()};
  host.open(one);
  for (int pings = 0; pings < 20; ++pings)
    one.send_frame(pong_head, one.read_frame().payload);
  CHECK(host.seen.ends().empty());
}
