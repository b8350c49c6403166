// SPDX-License-Identifier: MIT
#include "messages/counts.hpp"
#include "tests/support/catch.hpp"
#include "tests/transport/server.hpp"

#include <memory>
#include <string>
#include <thread>
#include <vector>

using namespace parlor;
using namespace parlor::test;
using namespace std::chrono_literals;

namespace {

/// Sends until the outbox gives up, a few frames a turn.
void flood(server& host, connection_id id) {
  frame piece{std::string(60000, 'x')};
  host.wait_until([&] {
    for (int i = 0; i < 8; ++i)
      host.sockets().send(id, piece);
    return !host.seen.ends().empty();
  });
}

/// Until the one client has said its last: from then on it is not among everyone.
void wait_for_last_word(server& host) {
  frames said;
  said[dialect::typed] = frame{"are you there", frame_kind::system};
  host.wait_until([&] {
    auto sent = [&] {
      return host.sockets().snapshot().sent[index_of(frame_kind::system)];
    };
    auto before = sent();
    host.sockets().send_all(said, {});
    return sent() == before;
  });
}

/// The next one that is no text.
wire_frame read_behind_texts(client& x) {
  wire_frame got;
  while ((got = x.read_answer()).head == text_head) {}
  return got;
}

} // namespace

TEST_CASE("a clean close is told with its code and reason", "[ways_out]") {
  for (unsigned code : {1000u, 1001u, 3000u, 4999u}) {
    server host;
    client one{host.port()};
    host.open(one);
    one.send_close(code, "bye");
    auto answer = one.read_frame();
    CHECK(answer.head == close_head);
    CHECK(answer.code() == code);
    CHECK(one.wait_end() == ending::eof);
    auto end = host.only_end();
    CHECK(static_cast<unsigned>(end.code) == code);
    CHECK(end.reason == "bye");
    CHECK(end.why == departure::closed);
  }
}

TEST_CASE("a close without a code is told as such", "[ways_out]") {
  server host;
  client one{host.port()};
  host.open(one);
  one.send_close(0);
  CHECK(one.read_frame().head == close_head);
  CHECK(host.only_end().code == close_code::no_status);
}

TEST_CASE("a close frame counts although the peer is gone at once",
          "[ways_out]") {
  server host;
  auto one = std::make_unique<client>(host.port());
  auto id = host.open(*one);
  host.on_thread([&] {
    one->send_close(1001);
    one.reset();
    host.sockets().send(id, frame{"too late"});
  });
  CHECK(host.only_end().code == close_code::going_away);
}

TEST_CASE("a peer that breaks off is told as abnormal", "[ways_out]") {
  server host;
  client one{host.port()};
  host.open(one);
  one.reset();
  auto end = host.only_end();
  CHECK(end.code == close_code::abnormal);
  CHECK(end.why == departure::closed);
}

TEST_CASE("a peer that ends without a close frame is told as abnormal",
          "[ways_out]") {
  server host;
  client one{host.port()};
  host.open(one);
  one.finish_sending();
  CHECK(one.wait_end() == ending::eof);
  CHECK(host.only_end().code == close_code::abnormal);
}

TEST_CASE("a peer that goes in the middle of a message is told as abnormal",
          "[ways_out]") {
  server host;
  client one{host.port()};
  host.open(one);
  one.send_frame(0x01, "half a ");
  one.reset();
  CHECK(host.only_end().code == close_code::abnormal);
  CHECK(host.seen.texts().empty());
}

TEST_CASE("a peer that goes while it is sent to is told once", "[ways_out]") {
  server host;
  client one{host.port()};
  auto id = host.open(one);
  one.reset();
  host.wait_until([&] {
    host.sockets().send(id, frame{"x"});
    return host.sockets().open_sockets() == 0;
  });
  CHECK(host.only_end().code == close_code::abnormal);
}

TEST_CASE("a peer that goes while it is not read is found by sending",
          "[ways_out]") {
  manners how;
  how.admits = false;
  server host{how};
  client one{host.port()};
  auto id = host.open(one);
  one.reset();
  host.wait_until([&] {
    host.sockets().send(id, frame{"x"});
    return host.sockets().open_sockets() == 0;
  });
  CHECK(host.only_end().code == close_code::abnormal);
}

TEST_CASE("who goes before it is let in is let in no more", "[ways_out]") {
  server host{{.admits = false}};
  for (auto let_in : {true, false}) {
    client one{host.port()};
    auto id = host.open(one);
    one.reset();
    // What is asked behind the end is answered behind it.
    client other{host.port()};
    other.send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
    other.read_head();
    host.on_thread([&] {
      if (let_in)
        host.sockets().admit(id);
      else
        host.sockets().hear(id);
    });
    host.wait_idle();
  }
  for (auto& end : host.seen.wait_ends(2))
    CHECK(end.code == close_code::abnormal);
}

TEST_CASE("what a peer said before it went is read, also by its credit",
          "[ways_out]") {
  server host{{.serves = false}};
  client one{host.port()};
  auto id = host.open(one);
  for (int i = 0; i < 40; ++i)
    one.send_text("x");
  one.send_close(1000);
  host.seen.wait_texts(read_credit);
  one.reset();
  host.on_thread([&] { host.sockets().send(id, frame{"x"}); });
  for (int i = 0; i < 40; ++i)
    host.on_thread([&] { host.sockets().served(id); });
  CHECK(host.only_end().code == close_code::normal);
  CHECK(host.seen.texts().size() == 40);
}

TEST_CASE("a close waits for what is not served", "[ways_out]") {
  server host{{.serves = false}};
  client one{host.port()};
  auto id = host.open(one);
  one.send_text("x");
  one.send_text("y");
  auto half = GENERATE(true, false);
  if (half)
    one.finish_sending();
  else
    one.send_close(1000);
  host.seen.wait_texts(2);
  host.on_thread([&] { host.sockets().served(id); });
  CHECK(host.seen.ends().empty());
  host.on_thread([&] {
    host.sockets().send(id, frame{"answer"});
    host.sockets().served(id);
  });
  CHECK(one.read_frame().payload == "answer");
  if (!half)
    CHECK(one.read_frame().code() == 1000);
  CHECK(one.wait_end() == ending::eof);
  CHECK(host.only_end().code
        == (half ? close_code::abnormal : close_code::normal));
}

TEST_CASE("who closes is closed by the service all the same", "[ways_out]") {
  server host{{.serves = false}};
  client one{host.port()};
  auto id = host.open(one);
  one.send_text("x");
  one.finish_sending();
  host.seen.wait_texts(1);
  host.on_thread(
    [&] { host.sockets().close(id, close_code::kicked, "kicked"); });
  CHECK(one.read_frame().code() == 4004);
  CHECK(one.wait_end() == ending::eof);
  CHECK(host.only_end().code == close_code::kicked);
}

TEST_CASE("who closes first is closed as the service says, and told as it said",
          "[ways_out]") {
  server host{{.serves = false}};
  client one{host.port()};
  auto id = host.open(one);
  one.send_text("x");
  one.send_close(1000, "bye");
  host.seen.wait_texts(1);
  wait_for_last_word(host);
  host.on_thread(
    [&] { host.sockets().close(id, close_code::kicked, "kicked"); });
  auto last = read_behind_texts(one);
  CHECK(last.code() == 4004);
  CHECK(last.reason() == "kicked");
  CHECK(one.wait_end() == ending::eof);
  auto end = host.only_end();
  CHECK(end.code == close_code::normal);
  CHECK(end.reason == "bye");
}

TEST_CASE("who closes waits for answers, and longer while it takes what waits",
          "[ways_out]") {
  manners how;
  how.serves = false;
  how.options.limits.outbox_bytes = 100'000'000;
  how.options.limits.outbox_stall = 60s;
  server host{how};
  client never_served{host.port()};
  client slow{host.port(), 4096};
  host.open(never_served);
  auto id = host.open(slow);
  for (auto* one : {&never_served, &slow})
    one->send_text("x");
  host.seen.wait_texts(2);
  host.on_thread([&] {
    for (auto i = 0; i < 120; ++i)
      host.sockets().send(id, frame{std::string(60'000, 'x')});
  });
  for (auto* one : {&never_served, &slow})
    one->send_close(1000);
  CHECK(never_served.read_frame().code() == 1000);
  std::this_thread::sleep_for(2s);
  auto take = [&](int count) {
    for (auto i = 0; i < count; ++i)
      REQUIRE(slow.read_answer().payload.size() == 60'000);
    std::this_thread::sleep_for(1500ms);
  };
  take(20);
  take(100);
  CHECK(host.seen.ends().size() == 1);
  host.on_thread([&] {
    host.sockets().send(id, frame{"answer"});
    host.sockets().served(id);
  });
  CHECK(slow.read_answer().payload == "answer");
  CHECK(slow.read_answer().code() == 1000);
  for (auto& end : host.seen.wait_ends(2))
    CHECK(end.code == close_code::normal);
}

TEST_CASE("a slow consumer that has closed is said goodbye", "[ways_out]") {
  manners how;
  how.serves = false;
  how.options.limits.outbox_bytes = 100'000;
  how.options.limits.outbox_stall = 1h;
  server host{how};
  client one{host.port(), 4096};
  auto id = host.open(one);
  one.send_text("x");
  host.seen.wait_texts(1);
  one.send_close(1000);
  wait_for_last_word(host);
  flood(host, id);
  CHECK(read_behind_texts(one).code() == 1000);
  CHECK(host.only_end().code == close_code::normal);
}

TEST_CASE("silence is told as a time-out", "[ways_out]") {
  manners how;
  how.options.limits.heartbeat_interval = 100ms;
  how.options.limits.heartbeat_timeout = 300ms;
  server host{how};
  client one{host.port()};
  host.open(one);
  auto end = host.only_end();
  CHECK(end.code == close_code::abnormal);
  CHECK(end.reason == "timeout");
  CHECK(end.why == departure::timeout);
  CHECK(one.drop_all() == ending::eof);
}

TEST_CASE("who has spoken while the thread was busy is not silent",
          "[ways_out]") {
  manners how;
  how.options.limits.heartbeat_interval = 300ms;
  how.options.limits.heartbeat_timeout = 600ms;
  server host{how};
  client one{host.port()};
  host.open(one);
  host.on_thread([&] {
    std::this_thread::sleep_for(how.options.limits.heartbeat_timeout);
    one.send_text("here");
    std::this_thread::sleep_for(300ms);
  });
  host.seen.wait_texts(1);
}

TEST_CASE("a pause of the process is nobody's silence", "[ways_out]") {
  manners how;
  how.options.limits.heartbeat_interval = 300ms;
  how.options.limits.heartbeat_timeout = 2s;
  server host{how};
  client one{host.port()};
  host.open(one);
  CHECK(one.read_frame().head == ping_head);
  host.on_thread([] { std::this_thread::sleep_for(2500ms); });
  // Only what is pinged can answer.
  one.send_frame(pong_head, one.read_frame().payload);
  one.send_text("here");
  host.seen.wait_texts(1);
  CHECK(host.seen.ends().empty());
}

TEST_CASE("who takes what stands ahead of a ping is not silent", "[ways_out]") {
  manners how;
  how.options.limits.heartbeat_interval = 300ms;
  how.options.limits.heartbeat_timeout = 3s;
  how.options.limits.outbox_bytes = 100'000'000;
  server host{how};
  client one{host.port(), 4096};
  auto id = host.open(one);
  constexpr size_t size = 3'000'000;
  host.on_thread([&] {
    for (auto i = 0; i < 60; ++i)
      host.sockets().send(id, frame{std::string(size / 60, 'x')});
  });
  // For longer than the timeout; answers what it meets.
  for (size_t had = 0; had < size;) {
    auto got = one.read_frame();
    if (got.head == ping_head)
      one.send_frame(pong_head, got.payload);
    else
      had += got.payload.size();
    std::this_thread::sleep_for(75ms);
  }
  CHECK(host.seen.ends().empty());
  one.send_text("here");
  host.seen.wait_texts(1);
}

TEST_CASE("who takes something all the time is no slow consumer",
          "[ways_out]") {
  manners how;
  how.options.limits.outbox_stall = 1s;
  how.options.limits.outbox_bytes = 100'000'000;
  server host{how};
  client one{host.port(), 4096};
  auto id = host.open(one);
  host.on_thread([&] {
    for (auto i = 0; i < 120; ++i)
      host.sockets().send(id, frame{std::string(50'000, 'x')});
  });
  // So little that the kernel takes nothing more for longer than that.
  for (auto i = 0; i < 40; ++i) {
    REQUIRE(one.read_frame().payload.size() == 50'000);
    std::this_thread::sleep_for(100ms);
  }
  for (auto i = 40; i < 120; ++i)
    REQUIRE(one.read_frame().payload.size() == 50'000);
  CHECK(host.seen.ends().empty());
}

TEST_CASE("who has taken nothing behind a close gets it later", "[ways_out]") {
  manners how;
  how.options.limits.outbox_bytes = 100'000'000;
  server host{how};
  client one{host.port(), 4096};
  auto id = host.open(one);
  host.on_thread([&] {
    for (auto i = 0; i < 60; ++i)
      host.sockets().send(id, frame{std::string(60'000, 'x')});
    host.sockets().close(id, close_code::kicked, "kicked");
  });
  // Longer than it has for its own close once it could have got ours.
  std::this_thread::sleep_for(6s);
  for (auto i = 0; i < 60; ++i)
    REQUIRE(one.read_answer().payload.size() == 60'000);
  CHECK(one.read_answer().code() == 4004);
  one.send_close(4004);
  CHECK(one.wait_end() == ending::eof);
  CHECK(host.only_end().code == close_code::kicked);
}

TEST_CASE("a ping is answered while the outbox is full", "[ways_out]") {
  manners how;
  how.options.limits.outbox_bytes = 100'000;
  server host{how};
  client one{host.port(), 4096};
  auto id = host.open(one);
  frame piece{std::string(10'000, 'x')};
  host.wait_until([&] {
    auto full = host.sockets().vitals(id).outbox_bytes > 100'000;
    if (!full)
      host.sockets().send(id, piece);
    return full;
  });
  one.send_frame(ping_head, "are you there");
  wire_frame got;
  while ((got = one.read_answer()).head == text_head)
    CHECK(got.payload.size() == 10'000);
  CHECK(got == wire_frame{pong_head, "are you there"});
  CHECK(host.seen.ends().empty());
}

TEST_CASE("a slow consumer gets 4008 behind whole frames", "[ways_out]") {
  server host;
  client one{host.port(), 4096};
  auto id = host.open(one);
  flood(host, id);
  wire_frame got;
  while ((got = one.read_answer()).head == text_head)
    if (got.payload.size() != 60000)
      FAIL("a frame was broken");
  CHECK(got.head == close_head);
  CHECK(got.code() == 4008);
  CHECK(got.reason() == "slow consumer");
  one.send_close(4008);
  CHECK(one.wait_end() == ending::eof);
  auto end = host.only_end();
  CHECK(end.code == close_code::slow_consumer);
  CHECK(end.reason == "slow consumer");
}

TEST_CASE("what waits for a slow consumer is bounded", "[ways_out]") {
  manners how;
  how.options.limits.outbox_bytes = 100000;
  server host{how};
  client one{host.port(), 4096};
  auto id = host.open(one);
  flood(host, id);
  CHECK(host.on_thread([&] { return host.sockets().vitals(id).outbox_bytes; })
        <= 100000 + 60000 + 200);
}

TEST_CASE("a slow consumer that reads nothing is closed hard", "[ways_out]") {
  manners how;
  how.options.limits.outbox_stall = 300ms;
  server host{how};
  client one{host.port(), 4096};
  auto id = host.open(one);
  flood(host, id);
  CHECK(host.only_end().code == close_code::slow_consumer);
  // Its socket is closed, in the midst of what it did not take.
  auto cut = [&] {
    for (;;)
      if (one.read_answer().head == close_head)
        return;
  };
  CHECK_THROWS_AS(cut(), disappointment);
}

TEST_CASE("who takes nothing for too long is a slow consumer", "[ways_out]") {
  manners how;
  how.options.limits.outbox_stall = 300ms;
  how.options.limits.outbox_bytes = 100000000;
  server host{how};
  client one{host.port(), 4096};
  auto id = host.open(one);
  // More than kernels hold, in one turn, and then nothing.
  host.on_thread([&] {
    frame piece{std::string(1000000, 'x')};
    for (int i = 0; i < 30; ++i)
      host.sockets().send(id, piece);
  });
  CHECK(host.only_end().code == close_code::slow_consumer);
}

TEST_CASE("what is queued in a long turn does not make a slow consumer",
          "[ways_out]") {
  manners how;
  how.options.limits.outbox_stall = 100ms;
  how.options.limits.heartbeat_interval = 100ms;
  server host{how};
  client one{host.port()};
  auto id = host.open(one);
  // Turns so long that the timer wheel visits the socket in them, behind what
  // was queued.
  for (int i = 0; i < 4; ++i)
    host.on_thread([&] {
      host.sockets().send(id, frame{"x"});
      std::this_thread::sleep_for(250ms);
    });
  CHECK(host.seen.ends().empty());
}

TEST_CASE("pings of a client that reads nothing do not pile up", "[ways_out]") {
  manners how;
  how.options.limits.outbox_bytes = 10000;
  how.options.limits.outbox_stall = 300ms;
  server host{how};
  client one{host.port(), 4096};
  host.open(one);
  std::string pings;
  for (int i = 0; i < 100; ++i)
    pings += std::string("\x89\xFD\0\0\0\0", 6) + std::string(125, 'p');
  auto deadline = std::chrono::steady_clock::now() + patience;
  while (host.seen.ends().empty()
         && std::chrono::steady_clock::now() < deadline)
    try {
      one.send(pings);
    } catch (const disappointment&) {
      break;
    }
  auto end = host.only_end();
  CHECK(end.code == close_code::slow_consumer);
}

TEST_CASE("a socket that is aborted is told", "[ways_out]") {
  server host;
  client one{host.port()};
  client other{host.port()};
  host.open(one);
  host.on_thread([&] { host.sockets().abort(); });
  CHECK(host.only_end().code == close_code::abnormal);
  CHECK(one.wait_end() == ending::eof);
}

TEST_CASE("sockets may be open when their thread ends", "[ways_out]") {
  std::vector<std::unique_ptr<client>> all;
  server host;
  for (int i = 0; i < 5; ++i) {
    all.push_back(std::make_unique<client>(host.port()));
    auto id = host.open(*all.back());
    if (i == 1)
      host.on_thread([&] { host.sockets().close(id, close_code::kicked, ""); });
    if (i == 2)
      all.back()->send_frame(0x01, "half");
    if (i == 3)
      all.back()->send_close(1000);
  }
  all.push_back(std::make_unique<client>(host.port()));
  all.back()->send("GET /health");
}

TEST_CASE("an actor that cannot be started closes with 1011", "[ways_out]") {
  manners how;
  server host{how};
  host.on_thread([&] {
    host.sockets().attach(
      {[](const handshake&) { return connection_actor{}; }, admin_actor{}});
  });
  client one{host.port()};
  CHECK(one.upgrade().starts_with("HTTP/1.1 101 "));
  CHECK(one.read_frame().code() == 1011);
  host.on_thread([&] {
    host.sockets().attach({[](const handshake&) -> connection_actor {
                             throw std::runtime_error{"no"};
                           },
                           admin_actor{}});
  });
  client other{host.port()};
  CHECK(other.upgrade().starts_with("HTTP/1.1 101 "));
  CHECK(other.read_frame().code() == 1011);
}
