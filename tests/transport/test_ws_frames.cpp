// SPDX-License-Identifier: MIT
#include "messages/counts.hpp"
#include "tests/support/catch.hpp"
#include "tests/transport/server.hpp"

#include <array>
#include <memory>
#include <string>
#include <vector>

using namespace parlor;
using namespace parlor::test;

TEST_CASE("an upgrade is answered and introduced to its actor",
          "[ws_session]") {
  server host;
  client one{host.port()};
  one.send(upgrade_request("/chat/ada?room=lounge",
                           "User-Agent: tester\r\n"
                           "Sec-WebSocket-Protocol: parlor.text.v1\r\n"));
  auto head = one.read_head();
  CHECK(head.starts_with("HTTP/1.1 101 "));
  CHECK(head.find("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n")
        != head.npos);
  CHECK(head.find("Sec-WebSocket-Protocol: parlor.text.v1\r\n") != head.npos);
  auto hello = host.seen.wait_opened(1).front();
  CHECK(hello.id);
  CHECK(hello.user == user_id{"ada"});
  CHECK(hello.speaks == dialect::text);
  CHECK(hello.rooms == std::vector<room_name>{room_name{"lounge"}});
  CHECK(hello.ip == "127.0.0.1");
  CHECK(hello.client == "tester");
  CHECK(hello.connected_at.time_since_epoch().count() > 0);
}

TEST_CASE("no subprotocol is answered where none was known", "[ws_session]") {
  server host;
  client one{host.port()};
  auto head = one.upgrade("/ws/ada", "Sec-WebSocket-Protocol: bearer.x\r\n");
  CHECK(head.starts_with("HTTP/1.1 101 "));
  CHECK(head.find("Sec-WebSocket-Protocol") == head.npos);
}

TEST_CASE("frames of every size arrive as they are", "[ws_session]") {
  server host;
  client one{host.port()};
  auto id = host.open(one);
  for (size_t size : {0u, 1u, 125u, 126u, 65535u, 65536u, 300000u}) {
    std::string text(size, 'x');
    host.on_thread([&] { host.sockets().send(id, frame{text}); });
    CHECK((one.read_frame() == wire_frame{text_head, text}));
  }
}

TEST_CASE("an empty frame is nothing", "[ws_session]") {
  server host;
  client one{host.port()};
  auto id = host.open(one);
  host.on_thread([&] {
    host.sockets().send(id, frame{});
    host.sockets().send(id, frame{"after"});
  });
  CHECK(one.read_frame().payload == "after");
}

TEST_CASE("frames of one turn keep their order and take one send()",
          "[ws_session]") {
  server host;
  client one{host.port()};
  auto id = host.open(one);
  auto before = host.on_thread([&] { return host.sockets().sends(); });
  host.on_thread([&] {
    for (int i = 0; i < 32; ++i)
      host.sockets().send(id, frame{std::to_string(i)});
  });
  for (int i = 0; i < 32; ++i)
    CHECK(one.read_frame().payload == std::to_string(i));
  auto after = host.on_thread([&] { return host.sockets().sends(); });
  CHECK(after - before == 1);
}

TEST_CASE("a turn with more frames than a queue holds keeps their order",
          "[ws_session]") {
  server host;
  client one{host.port()};
  auto id = host.open(one);
  host.on_thread([&] {
    for (int i = 0; i < 1000; ++i)
      host.sockets().send(id, frame{std::to_string(i)});
  });
  for (int i = 0; i < 1000; ++i)
    REQUIRE(one.read_frame().payload == std::to_string(i));
}

TEST_CASE("a turn with more frames than a table holds loses none",
          "[ws_session]") {
  server host;
  client one{host.port()};
  client other{host.port()};
  auto first = host.open(one);
  auto second = host.open(other);
  host.on_thread([&] {
    host.sockets().send(second, frame{"first"});
    for (int i = 0; i < 70000; ++i)
      host.sockets().send(first, frame{"x"});
    host.sockets().send(second, frame{"last"});
  });
  for (int i = 0; i < 70000; ++i)
    if (one.read_frame().payload != "x")
      FAIL();
  CHECK(other.read_frame().payload == "first");
  CHECK(other.read_frame().payload == "last");
}

TEST_CASE("one frame for many takes one send() each", "[ws_session]") {
  server host;
  std::vector<std::unique_ptr<client>> all;
  std::vector<connection_id> ids;
  for (int i = 0; i < 20; ++i) {
    all.push_back(std::make_unique<client>(host.port()));
    ids.push_back(host.open(*all.back()));
  }
  auto before = host.on_thread([&] { return host.sockets().sends(); });
  host.on_thread([&] {
    host.sockets().send(ids, frame{"one"});
    host.sockets().send(ids[3], frame{"between"});
    host.sockets().send(ids, frame{"two"});
  });
  for (size_t i = 0; i < all.size(); ++i) {
    CHECK(all[i]->read_frame().payload == "one");
    if (i == 3)
      CHECK(all[i]->read_frame().payload == "between");
    CHECK(all[i]->read_frame().payload == "two");
  }
  auto after = host.on_thread([&] { return host.sockets().sends(); });
  CHECK(after - before == 20);
}

TEST_CASE("everyone gets what their dialect has, but for the excepted",
          "[ws_session]") {
  server host;
  std::array<std::unique_ptr<client>, 4> all;
  std::array<connection_id, 4> ids;
  std::array targets{"/ws/a", "/chat/b", "/ws/c?dialect=text", "/ws/d"};
  for (size_t i = 0; i < all.size(); ++i) {
    all[i] = std::make_unique<client>(host.port());
    ids[i] = host.open(*all[i], targets[i]);
  }
  host.on_thread([&] {
    frames said;
    said[dialect::typed] = frame{"typed"};
    said[dialect::text] = frame{"text"};
    host.sockets().send_all(said, std::array{ids[3]});
    for (auto id : ids)
      host.sockets().send(id, frame{"end"});
  });
  CHECK(all[0]->read_frame().payload == "typed");
  CHECK(all[0]->read_frame().payload == "end");
  CHECK(all[1]->read_frame().payload == "end");
  CHECK(all[2]->read_frame().payload == "text");
  CHECK(all[3]->read_frame().payload == "end");
}

TEST_CASE("who is not admitted is not among everyone, but is sent to",
          "[ws_session]") {
  manners how;
  how.admits = false;
  server host{how};
  client one{host.port()};
  auto id = host.open(one);
  host.on_thread([&] {
    frames said;
    said[dialect::typed] = frame{"all"};
    host.sockets().send_all(said, {});
    host.sockets().send(id, frame{"you"});
  });
  CHECK(one.read_frame().payload == "you");
}

TEST_CASE("a pong takes its place among the frames", "[ws_session]") {
  server host;
  client one{host.port()};
  auto id = host.open(one);
  host.on_thread([&] { host.sockets().send(id, frame{"before"}); });
  one.send_frame(ping_head, "are you there");
  CHECK(one.read_frame().payload == "before");
  CHECK((one.read_frame() == wire_frame{pong_head, "are you there"}));
  host.on_thread([&] { host.sockets().send(id, frame{"behind"}); });
  CHECK(one.read_frame().payload == "behind");
}

TEST_CASE("pongs never fall into a frame that is sent in pieces",
          "[ws_session]") {
  server host;
  client one{host.port(), 4096};
  auto id = host.open(one);
  std::string text(60000, 'x');
  for (int i = 0; i < 10; ++i) {
    host.on_thread([&] { host.sockets().send(id, frame{text}); });
    one.send_frame(ping_head, std::to_string(i));
  }
  auto texts = 0;
  auto pongs = 0;
  while (texts < 10 || pongs < 10) {
    auto got = one.read_frame();
    if (got.head == pong_head)
      CHECK(got.payload == std::to_string(pongs++));
    else if (++texts; got.head != text_head || got.payload != text)
      FAIL("a frame was broken");
  }
}

TEST_CASE("control frames without end close with 1008", "[ws_session]") {
  std::string empties;
  for (auto i = 0; i < 100; ++i)
    empties += std::string("\x00\x80mask", 6);
  struct flood {
    std::string name;
    /// Of frames that say nothing.
    size_t size;
    std::string bytes;
  };
  for (auto& [name, size, bytes] :
       {flood{"pings", 1, std::string("\x89\x80mask", 6)},
        flood{"pongs", 1, std::string("\x8A\x80mask", 6)},
        flood{"empty fragments", 101,
              std::string("\x01\x80mask", 6) + empties
                + std::string("\x80\x80mask", 6)}}) {
    CAPTURE(name);
    server host;
    client one{host.port()};
    host.open(one);
    // As many at once as nobody needs are heard.
    std::string few;
    for (size_t i = 0; i < 5000 / size; ++i)
      few += bytes;
    one.send(few);
    one.send_frame(ping_head, "still there");
    while (one.read_answer().payload != "still there")
      continue;
    // Too many are not, however fast they come.
    std::string many;
    for (size_t i = 0; i < 30'000 / size; ++i)
      many += bytes;
    one.send(many);
    auto got = one.read_answer();
    while (got.head == pong_head)
      got = one.read_answer();
    CHECK(got.head == close_head);
    CHECK(got.code() == 1008);
    CHECK(got.reason() == "Too many control frames");
    one.send_close(1008);
    CHECK(one.drop_all() == ending::eof);
    CHECK(host.only_end().code == close_code::policy_violation);
  }
}

TEST_CASE("ids that are gone are skipped", "[ws_session]") {
  server host;
  client one{host.port()};
  auto gone = host.open(one);
  one.reset();
  host.wait_idle();
  client other{host.port()};
  auto id = host.open(other);
  CHECK(id != gone);
  CHECK(id.slot() == gone.slot());
  host.on_thread([&] {
    auto& all = host.sockets();
    all.send(gone, frame{"lost"});
    all.send(std::array{gone, id, connection_id{}}, frame{"found"});
    all.admit(gone);
    all.served(gone);
    all.all_served(gone);
    all.close(gone, close_code::normal, "");
    CHECK(all.vitals(gone).outbox_bytes == 0);
  });
  CHECK(other.read_frame().payload == "found");
}

TEST_CASE("what is fleeting is not for who is behind", "[ws_session]") {
  manners how;
  how.options.limits.outbox_bytes = 15000000;
  server host{how};
  client slow{host.port(), 4096};
  client quick{host.port()};
  std::array both{host.open(slow), host.open(quick)};
  auto tell_fleeting = [&](const char* text) {
    host.on_thread([&] { host.sockets().send_fleeting(both, frame{text}); });
  };
  tell_fleeting("to both");
  CHECK(slow.read_frame().payload == "to both");
  // More than kernels hold.
  std::string much(10000000, 'x');
  host.on_thread([&] { host.sockets().send(both[0], frame{much}); });
  tell_fleeting("to one");
  host.on_thread([&] { host.sockets().send(both, frame{"last"}); });
  CHECK(slow.read_frame().payload == much);
  CHECK(slow.read_frame().payload == "last");
  for (auto text : {"to both", "to one", "last"})
    CHECK(quick.read_frame().payload == text);
}

TEST_CASE("what is for the admitted waits until one is", "[ws_session]") {
  manners how;
  how.admits = false;
  server host{how};
  client one{host.port()};
  auto id = host.open(one);
  host.on_thread([&] {
    auto& sockets = host.sockets();
    sockets.send_admitted(id, frame{"second"});
    sockets.send(id, frame{"first"});
    sockets.admit(id);
    sockets.send_admitted(id, frame{"third"});
  });
  for (std::string text : {"first", "second", "third"})
    CHECK((one.read_frame() == wire_frame{text_head, text}));
}

TEST_CASE("no more waits for an admission than for a socket", "[ws_session]") {
  manners how;
  how.admits = false;
  how.options.limits.outbox_bytes = 1000;
  server host{how};
  client one{host.port()};
  auto id = host.open(one);
  host.on_thread([&] {
    for (auto i = 0; i < 11; ++i)
      host.sockets().send_admitted(id, frame{std::string(100, 'x')});
  });
  CHECK(host.only_end().code == close_code::slow_consumer);
}

TEST_CASE("nothing is kept for one that has gone", "[ws_session]") {
  manners how;
  how.admits = false;
  server host{how};
  client one{host.port()};
  auto id = host.open(one);
  host.on_thread([&] { host.sockets().abort(); });
  host.wait_idle();
  auto gone = host.on_thread([&] {
    host.sockets().send_admitted(id, frame{"too late"});
    host.sockets().admit(id);
    return host.sockets().snapshot().dropped[index_of(drop::gone)];
  });
  CHECK(gone == 1);
}

TEST_CASE("nothing is kept for one that was sent home", "[ws_session]") {
  manners how;
  how.admits = false;
  server host{how};
  client one{host.port()};
  auto id = host.open(one);
  auto dropped = host.on_thread([&] {
    host.sockets().close(id, close_code::kicked, "kicked");
    host.sockets().send_admitted(id, frame{"too late"});
    return host.sockets().snapshot().dropped[index_of(drop::closing)];
  });
  CHECK(dropped == 1);
  CHECK(one.read_frame().code() == 4004);
}

TEST_CASE("one that has gone is admitted as it ends", "[ws_session]") {
  manners how;
  how.admits = false;
  server host{how};
  client one{host.port()};
  auto id = host.open(one);
  one.reset();
  host.on_thread([&] {
    host.sockets().send_admitted(id, frame{"too late"});
    host.sockets().admit(id);
  });
  CHECK(host.only_end().code == close_code::abnormal);
}
