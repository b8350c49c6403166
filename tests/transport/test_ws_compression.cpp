// SPDX-License-Identifier: MIT
#include "tests/support/catch.hpp"
#include "tests/transport/server.hpp"
#include "tests/transport/zlib_peer.hpp"

#include <array>
#include <memory>
#include <string>
#include <vector>

using namespace parlor;
using namespace parlor::test;

namespace {

constexpr uint8_t compressed_head = 0xC1;

const std::string offer
  = "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n";
const std::string small_offer = "Sec-WebSocket-Extensions: permessage-deflate; "
                                "server_max_window_bits=9\r\n";

manners compressing() {
  manners result;
  result.options.compression = true;
  return result;
}

/// Clients of a compressing server, each with these headers.
struct audience {
  audience(server& host, const std::vector<std::string>& headers) {
    for (auto& one : headers) {
      clients.push_back(std::make_unique<client>(host.port()));
      ids.push_back(host.open(*clients.back(), "/ws/ada", one));
    }
  }

  std::vector<std::unique_ptr<client>> clients;
  std::vector<connection_id> ids;
};

uint64_t compressions(server& host) {
  return host.on_thread([&] { return host.sockets().compressions(); });
}

/// Reads a frame that has to be compressed.
std::string inflated(client& x, int window_bits = 15) {
  auto got = x.read_frame();
  CHECK(got.head == compressed_head);
  return unpacked(got.payload, window_bits);
}

} // namespace

TEST_CASE("compression is agreed to where it is on and offered",
          "[ws_session][deflate]") {
  const std::string name = "Sec-WebSocket-Extensions:";
  const std::string answer
    = name
      + " permessage-deflate; server_no_context_takeover; "
        "client_no_context_takeover";
  server off;
  server on{compressing()};
  auto head = [&](server& host, const std::string& headers) {
    client one{host.port()};
    return one.upgrade("/ws/ada", headers);
  };
  CHECK(head(off, offer).find(name) == std::string::npos);
  CHECK(head(on, "").find(name) == std::string::npos);
  CHECK(head(on, offer).find(answer + "\r\n") != std::string::npos);
  CHECK(head(on, small_offer).find(answer + "; server_max_window_bits=9\r\n")
        != std::string::npos);
}

TEST_CASE("a broadcast is compressed once, and each gets its form",
          "[ws_session][deflate]") {
  server host{compressing()};
  audience all{host, {offer, "", offer, "", offer, small_offer}};
  auto text = prose(2000);
  host.on_thread([&] { host.sockets().send(all.ids, frame{text}); });
  CHECK(compressions(host) == 1);
  for (size_t i : {0u, 2u, 4u})
    CHECK(inflated(*all.clients[i], 12) == text);
  // Not agreed on, and further back than a window of 512.
  for (size_t i : {1u, 3u, 5u})
    CHECK((all.clients[i]->read_frame() == wire_frame{text_head, text}));
  text = prose(400);
  host.on_thread([&] { host.sockets().send(all.ids, frame{text}); });
  CHECK(compressions(host) == 2);
  CHECK(inflated(*all.clients[5], 9) == text);
}

TEST_CASE("a frame that is sent again is not compressed again",
          "[ws_session][deflate]") {
  server host{compressing()};
  audience all{host, {offer, offer, ""}};
  auto text = prose(2000);
  host.on_thread([&] {
    frame said{text};
    for (int i = 0; i < 3; ++i)
      host.sockets().send(all.ids, said);
    for (auto id : all.ids)
      host.sockets().send(id, said);
  });
  for (int i = 0; i < 4; ++i) {
    CHECK(inflated(*all.clients[0]) == text);
    CHECK(inflated(*all.clients[1]) == text);
    CHECK((all.clients[2]->read_frame() == wire_frame{text_head, text}));
  }
  CHECK(compressions(host) == 1);
}

TEST_CASE("nothing is compressed for those who do not inflate",
          "[ws_session][deflate]") {
  server host{compressing()};
  audience all{host, {"", ""}};
  host.on_thread([&] {
    host.sockets().send(all.ids, frame{prose(2000)});
    host.sockets().send(all.ids, frame{""});
  });
  for (auto& one : all.clients) {
    CHECK((one->read_frame() == wire_frame{text_head, prose(2000)}));
    CHECK((one->read_frame() == wire_frame{text_head, ""}));
  }
  CHECK(compressions(host) == 0);
}

TEST_CASE("what gains nothing goes plain", "[ws_session][deflate]") {
  server host{compressing()};
  audience all{host, {offer, offer}};
  for (const auto& text : {std::string{}, std::string(120, 'x'), noise(60),
                           noise(300), prose(300000)}) {
    host.on_thread([&] { host.sockets().send(all.ids, frame{text}); });
    for (auto& one : all.clients) {
      auto got = one->read_frame();
      CHECK(got.head == (text == noise(300) ? got.head : text_head));
      CHECK((got.head == text_head ? got.payload : unpacked(got.payload))
            == text);
    }
  }
  // A single receiver gains from a packet less, and not from a few bytes.
  host.on_thread([&] {
    host.sockets().send(all.ids[0], frame{prose(1000)});
    host.sockets().send(all.ids[0], frame{prose(2000)});
  });
  CHECK((all.clients[0]->read_frame() == wire_frame{text_head, prose(1000)}));
  CHECK(inflated(*all.clients[0]) == prose(2000));
}

TEST_CASE("what everyone gets is compressed once for each dialect",
          "[ws_session][deflate]") {
  server host{compressing()};
  audience all{host, {offer, offer, "", offer}};
  host.on_thread([&] {
    frames said;
    said[dialect::typed] = frame{prose(500)};
    said[dialect::action] = frame{prose(500)};
    host.sockets().send_all(said, std::array{all.ids[3]});
    host.sockets().send(all.ids[3], frame{"end"});
  });
  CHECK(inflated(*all.clients[0]) == prose(500));
  CHECK(inflated(*all.clients[1]) == prose(500));
  CHECK(all.clients[2]->read_frame().head == text_head);
  CHECK(all.clients[3]->read_frame().payload == "end");
  // Nobody speaks the other one.
  CHECK(compressions(host) == 1);
}

TEST_CASE("both forms keep their order among each other",
          "[ws_session][deflate]") {
  server host{compressing()};
  audience all{host, {offer, ""}};
  auto text = [](int i) {
    return i % 3 == 0 ? std::to_string(i) : prose(200, unsigned(i));
  };
  // More than a queue holds, so that indices are used across a flush of it.
  host.on_thread([&] {
    for (int i = 0; i < 200; ++i)
      host.sockets().send(all.ids, frame{text(i)});
  });
  for (int i = 0; i < 200; ++i) {
    auto got = all.clients[0]->read_frame();
    REQUIRE((got.head == text_head ? got.payload : unpacked(got.payload))
            == text(i));
    REQUIRE(all.clients[1]->read_frame().payload == text(i));
  }
}

TEST_CASE("a turn with more forms than a table holds loses none",
          "[ws_session][deflate]") {
  server host{compressing()};
  audience all{host, {offer, ""}};
  auto text = prose(130);
  // An odd number of frames first, so that a pair falls on the table's end.
  host.on_thread([&] {
    host.sockets().send(all.ids[1], frame{"first"});
    for (int i = 0; i < 33000; ++i)
      host.sockets().send(all.ids, frame{text});
    host.sockets().send(all.ids, frame{"last"});
  });
  CHECK(all.clients[1]->read_frame().payload == "first");
  for (int i = 0; i < 33000; ++i)
    if (inflated(*all.clients[0]) != text
        || all.clients[1]->read_frame().payload != text)
      FAIL(i);
  CHECK(all.clients[0]->read_frame().payload == "last");
  CHECK(all.clients[1]->read_frame().payload == "last");
}

TEST_CASE("compressed messages reach the actor", "[ws_session][deflate]") {
  server host{compressing()};
  client one{host.port()};
  host.open(one, "/ws/ada", offer);
  auto limit = parlor::limits{}.message_bytes;
  std::vector<std::string> sent;
  for (size_t size : {size_t{0}, size_t{1}, size_t{500}, limit}) {
    sent.push_back(prose(size));
    one.send_frame(compressed_head, packed(sent.back()));
    sent.push_back("plain");
    one.send_text("plain");
  }
  auto payload = packed(prose(5000));
  one.send_frame(0x41, payload.substr(0, 10));
  one.send_frame(ping_head, "p");
  one.send_frame(0x80, payload.substr(10));
  sent.push_back(prose(5000));
  CHECK(host.seen.wait_texts(sent.size()) == sent);
  CHECK(one.read_frame().head == pong_head);
}

TEST_CASE("a bad compressed message is told with its code",
          "[ws_session][deflate]") {
  auto limit = parlor::limits{}.message_bytes;
  struct {
    std::string headers;
    std::string payload;
    unsigned code;
  } table[]{
    {offer, packed(std::string(limit + 1, ' ')), 1009},
    {offer, packed(std::string(60 << 20, '\0')), 1009},
    {offer, "\xFF\xFF", 1007},
    {offer, packed("\xFF"), 1007},
    {"", packed("x"), 1002},
  };
  for (auto& [headers, payload, code] : table) {
    server host{compressing()};
    client one{host.port()};
    host.open(one, "/ws/ada", headers);
    one.send_frame(compressed_head, payload);
    CHECK(one.read_frame().code() == code);
    one.send_close(code);
    CHECK(one.wait_end() == ending::eof);
    CHECK(unsigned(host.only_end().code) == code);
    CHECK(host.seen.texts().empty());
  }
}
