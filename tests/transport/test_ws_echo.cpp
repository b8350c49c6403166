// SPDX-License-Identifier: MIT
#include "tests/support/catch.hpp"
#include "tests/transport/reading.hpp"
#include "tests/transport/server.hpp"

#include <string>
#include <thread>

using namespace parlor;
using namespace parlor::test;
using namespace std::chrono_literals;

namespace {

constexpr uint8_t binary_head = 0x82;

manners echoing() {
  manners how;
  how.options.echo = true;
  return how;
}

} // namespace

TEST_CASE("messages of both kinds go back as they came", "[ws_session]") {
  server host{echoing()};
  client one{host.port()};
  REQUIRE(one.upgrade("/echo").starts_with("HTTP/1.1 101 "));
  for (auto size : {0, 1, 125, 126, 65535, 65536}) {
    std::string text(size_t(size), 'x');
    one.send_text(text);
    CHECK(one.read_frame() == wire_frame{text_head, text});
    std::string bytes(size_t(size), '\xFF');
    one.send_frame(binary_head, bytes);
    CHECK(one.read_frame() == wire_frame{binary_head, bytes});
  }
  one.send_close(1000);
  CHECK(one.read_frame().code() == 1000);
  CHECK(one.wait_end() == ending::eof);
  // No actor was told of any of it.
  host.wait_idle();
  CHECK(host.seen.opened().empty());
}

TEST_CASE("what is echoed obeys the limits of all", "[ws_session]") {
  server host{echoing()};
  client text{host.port()};
  text.upgrade("/echo");
  text.send_text("\xFF");
  CHECK(text.read_frame().code() == 1007);
  client longer{host.port()};
  longer.upgrade("/echo");
  longer.send_frame(binary_head, std::string(65537, 'x'));
  CHECK(longer.read_frame().code() == 1009);
}

TEST_CASE("who reads no echo is not read", "[ws_session]") {
  auto how = echoing();
  how.options.limits.outbox_bytes = 65536;
  server host{how};
  client one{host.port(), 4096};
  one.upgrade("/echo");
  constexpr int count = 500;
  std::string message(10000, 'x');
  std::thread sender{[&] {
    for (int i = 0; i < count; ++i)
      one.send_text(std::to_string(1000 + i) + message);
  }};
  for (int i = 0; i < count; ++i) {
    auto frame = one.read_frame();
    CHECK(frame.head == text_head);
    CHECK(frame.payload == std::to_string(1000 + i) + message);
  }
  sender.join();
}

TEST_CASE("what one client said is never taken for another's", "[ws_session]") {
  auto how = echoing();
  how.admits = false;
  how.options.limits.message_bytes = 10'000'000;
  how.options.limits.outbox_bytes = 100'000'000;
  how.options.outboxes_bytes = 18'000'000;
  server host{how};
  // Holds most, and is closed for room in the midst of the other one's reading.
  // What it said is not read until then.
  client slow{host.port(), 4096};
  auto id = host.open(slow);
  host.on_thread([&] {
    // The kernel takes a part of the first one; the other gives way.
    host.sockets().send(id, frame{std::string(5'000'000, 'x')});
    host.sockets().send(id, frame{std::string(13'000'000, 'x')});
  });
  for (auto i = 0; i < 60; ++i)
    slow.send_frame(binary_head, std::string(1000, 's'));
  client one{host.port(), 4096};
  one.upgrade("/echo");
  one.send(frame_of(binary_head, std::string(10'000'000, 'b')) + [] {
    std::string result;
    for (auto i = 0; i < 75; ++i)
      result += frame_of(binary_head, std::string(400, 'a'));
    return result;
  }());
  CHECK(one.read_frame().payload.size() == 10'000'000);
  for (auto i = 0; i < 75; ++i)
    REQUIRE(one.read_frame() == wire_frame{binary_head, std::string(400, 'a')});
  CHECK(host.seen.wait_ends(1).front().code == close_code::slow_consumer);
}

TEST_CASE("who never reads its echo is closed in the end", "[ws_session]") {
  auto how = echoing();
  how.options.limits.outbox_stall = 300ms;
  server host{how};
  client one{host.port(), 4096};
  one.upgrade("/echo");
  std::string message(60000, 'x');
  auto flood = [&] {
    for (;;)
      one.send_text(message);
  };
  CHECK_THROWS(flood());
  host.wait_idle();
}

TEST_CASE("a full service closes an echo with 4003", "[ws_session]") {
  auto how = echoing();
  how.options.limits.max_connections = 1;
  server host{how};
  client one{host.port()};
  one.upgrade("/echo");
  client two{host.port()};
  two.upgrade("/echo");
  CHECK(two.read_frame().code() == 4003);
}

TEST_CASE("a service that stops closes an echo with 1012", "[ws_session]") {
  server host{echoing()};
  client one{host.port()};
  one.upgrade("/echo");
  host.on_thread([&] { host.sockets().stop_listening(); });
  CHECK(one.read_frame().code() == 1012);
}
