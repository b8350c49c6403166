// SPDX-License-Identifier: MIT
#include "tests/support/catch.hpp"
#include "tests/transport/server.hpp"

#include <string>
#include <vector>

using namespace parlor;
using namespace parlor::test;
using namespace std::chrono_literals;

namespace {

/// What this side closes with, and what an actor says to it.
struct farewell_case {
  close_code code;
  std::string reason;
};

const std::vector<farewell_case> farewells{
  {close_code::normal, ""},
  {close_code::going_away, "going away"},
  {close_code::unsupported_data, "no"},
  {close_code::policy_violation, "Too many errors"},
  {close_code::internal_error, "internal error"},
  {close_code::service_restart, "restart"},
  {close_code::try_again_later, "overloaded"},
  {close_code::replaced, "Replaced by new connection"},
  {close_code::unauthorized, "unauthorized"},
  {close_code::token_expired, "expired"},
  {close_code::at_capacity, "Server at capacity"},
  {close_code::kicked, "kicked"},
  {close_code::rate_limited, "Rate limited"},
  {close_code::slow_consumer, "slow consumer"},
  {close_code::no_hello, "no hello"}};

/// Reads up to the close frame, which must be the last: texts before it are
/// counted and compared.
wire_frame read_to_close(client& x, size_t texts, const std::string& text) {
  for (size_t i = 0; i < texts; ++i) {
    auto got = x.read_answer();
    if (got.head != text_head || got.payload != text)
      throw disappointment{"a frame is missing"};
  }
  return x.read_answer();
}

} // namespace

TEST_CASE("every close arrives with its code and reason, and is the last",
          "[closes]") {
  server host;
  for (auto& [code, reason] : farewells) {
    CAPTURE(static_cast<int>(code));
    client one{host.port()};
    auto id = host.open(one);
    host.on_thread([&] {
      host.sockets().send(id, frame{"before"});
      host.sockets().close(id, code, reason);
      host.sockets().send(id, frame{"behind"});
      host.sockets().close(id, close_code::normal, "again");
    });
    host.on_thread([&] { host.sockets().send(id, frame{"later"}); });
    auto last = read_to_close(one, 1, "before");
    CHECK(last.head == close_head);
    CHECK(last.code() == static_cast<unsigned>(code));
    CHECK(last.reason() == reason);
    one.send_close(last.code());
    CHECK(one.wait_end() == ending::eof);
    host.wait_idle();
  }
  auto ends = host.seen.wait_ends(farewells.size());
  REQUIRE(ends.size() == farewells.size());
  for (size_t i = 0; i < ends.size(); ++i) {
    CHECK(ends[i].code == farewells[i].code);
    CHECK(ends[i].reason == farewells[i].reason);
    CHECK(ends[i].why == departure::closed);
  }
}

TEST_CASE("a close comes behind all that is queued, however slowly it is read",
          "[closes]") {
  server host;
  std::string text(1000, 'x');
  for (auto& [code, reason] : farewells) {
    CAPTURE(static_cast<int>(code));
    client one{host.port(), 2048};
    auto id = host.open(one);
    host.on_thread([&] {
      for (int i = 0; i < 500; ++i)
        host.sockets().send(id, frame{text});
      host.sockets().close(id, code, reason);
      host.sockets().send(id, frame{"behind"});
    });
    auto last = read_to_close(one, 500, text);
    CHECK(last.code() == static_cast<unsigned>(code));
    CHECK(last.reason() == reason);
    one.send_close(last.code());
    CHECK(one.wait_end() == ending::eof);
  }
  CHECK(host.seen.wait_ends(farewells.size()).size() == farewells.size());
}

TEST_CASE("a reason that is too long is cut between characters", "[closes]") {
  server host;
  client one{host.port()};
  auto id = host.open(one);
  std::string reason;
  while (reason.size() < 200)
    reason += "\xC3\xBC";
  host.on_thread([&] { host.sockets().close(id, close_code::kicked, reason); });
  CHECK(one.read_frame().reason() == reason.substr(0, 122));
}

TEST_CASE("a binary message closes with 1003", "[closes]") {
  server host;
  client one{host.port()};
  host.open(one);
  one.send_frame(0x82, "\x01\x02");
  CHECK(one.read_frame().code() == 1003);
  one.send_close(1003);
  CHECK(one.wait_end() == ending::eof);
  CHECK(host.only_end().code == close_code::unsupported_data);
  CHECK(host.seen.texts().empty());
}

TEST_CASE("a breach of the protocol is answered behind what is queued",
          "[closes]") {
  struct breach {
    unsigned code;
    uint8_t head;
    std::string payload;
  };
  auto queued = GENERATE(0, 500);
  auto what = GENERATE(
    breach{1009, text_head, std::string(65537, 'x')},
    breach{1007, text_head, "a\xFFz"}, breach{1007, text_head, "\xC3"},
    breach{1002, 0x83, "reserved"}, breach{1002, 0xC1, "bits"},
    breach{1002, 0x80, "continues nothing"},
    breach{1002, close_head, "\x03\xED"},
    breach{1002, 0x09, "a ping in fragments"});
  CAPTURE(what.code, int(what.head), queued);
  server host;
  std::string text(1000, 'x');
  client one{host.port(), 2048};
  auto id = host.open(one);
  host.on_thread([&] {
    for (int i = 0; i < queued; ++i)
      host.sockets().send(id, frame{text});
  });
  one.send_frame(what.head, what.payload);
  auto last = read_to_close(one, size_t(queued), text);
  CHECK(last.head == close_head);
  CHECK(last.code() == what.code);
  CHECK(one.wait_end() == ending::eof);
  auto end = host.only_end();
  CHECK(static_cast<unsigned>(end.code) == what.code);
  CHECK(end.why == departure::closed);
}

TEST_CASE("a frame without a mask closes with 1002", "[closes]") {
  server host;
  client one{host.port()};
  host.open(one);
  one.send("\x81\x02hi");
  CHECK(one.read_frame().code() == 1002);
  CHECK(one.wait_end() == ending::eof);
  CHECK(host.only_end().code == close_code::protocol_error);
}

TEST_CASE("a close frame survives input that nobody reads", "[closes]") {
  manners how;
  how.serves = false;
  server host{how};
  client one{host.port()};
  auto id = host.open(one);
  for (int i = 0; i < 2000; ++i)
    one.send_text(std::string(100, 'x'));
  host.on_thread(
    [&] { host.sockets().close(id, close_code::kicked, "kicked"); });
  CHECK(one.read_frame().code() == 4004);
  for (int i = 0; i < 2000; ++i)
    one.send_text(std::string(100, 'x'));
  one.send_close(4004);
  CHECK(one.wait_end() == ending::eof);
  CHECK(host.only_end().code == close_code::kicked);
}

TEST_CASE("what comes after the peer's close frame does not reset",
          "[closes]") {
  server host;
  client one{host.port()};
  host.open(one);
  one.send_close(1000, "bye");
  one.send(std::string(100000, 'x'));
  auto last = one.read_frame();
  CHECK(last.head == close_head);
  CHECK(last.code() == 1000);
  CHECK(one.wait_end() == ending::eof);
  auto end = host.only_end();
  CHECK(end.code == close_code::normal);
  CHECK(end.reason == "bye");
}

TEST_CASE("both sides may close at once", "[closes]") {
  server host;
  for (int i = 0; i < 50; ++i) {
    client one{host.port()};
    auto id = host.open(one);
    if (i % 2 == 0)
      one.send_close(1000);
    host.on_thread(
      [&] { host.sockets().close(id, close_code::kicked, "kicked"); });
    if (i % 2 != 0)
      one.send_close(1000);
    auto last = one.read_frame();
    CHECK(last.head == close_head);
    CHECK((last.code() == 4004 || last.code() == 1000));
    CHECK(one.wait_end() == ending::eof);
  }
  host.wait_idle();
  CHECK(host.seen.wait_ends(50).size() == 50);
}

TEST_CASE("who does not answer a close is closed after a while", "[closes]") {
  server host;
  client one{host.port()};
  auto id = host.open(one);
  host.on_thread(
    [&] { host.sockets().close(id, close_code::kicked, "kicked"); });
  CHECK(one.read_frame().code() == 4004);
  CHECK(one.wait_end() == ending::eof);
  CHECK(host.only_end().code == close_code::kicked);
}

TEST_CASE("who does not end after the last byte is closed after a while",
          "[closes]") {
  server host;
  client one{host.port()};
  host.open(one);
  one.send_close(1000);
  CHECK(one.read_frame().code() == 1000);
  // It has said what it had to; its socket need not be gone for that.
  CHECK(host.seen.wait_ends(1).front().code == close_code::normal);
  host.wait_idle();
}
