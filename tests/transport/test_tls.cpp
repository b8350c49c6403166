// SPDX-License-Identifier: MIT
#include "messages/frame.hpp"
#include "tests/support/catch.hpp"
#include "tests/transport/server.hpp"
#include "tests/transport/tls_client.hpp"

#include <algorithm>
#include <memory>
#include <string>

#include <unistd.h>

using namespace parlor;
using namespace parlor::test;
using namespace std::chrono_literals;
using namespace std::string_literals;

namespace {

manners secure() {
  static const auto own = make_certificate();
  manners how;
  how.options.tls = std::get<0>(
    transport::tls_identity::make(own.certificate, own.key));
  how.admin = [](api_request& x) { x.reply->answer({200, "{}"}); };
  return how;
}

void tell(server& host, connection_id to, const frame& what) {
  host.on_thread([&] { host.sockets().send(to, what); });
}

const std::string request
  = "GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n";

} // namespace

TEST_CASE("requests are answered over TLS", "[tls]") {
  server host{secure()};
  for (auto version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    tls_client one{host.port(), {version, {}, 0}};
    CHECK(SSL_version(one.ssl()) == version);
    for (int i = 0; i < 3; ++i) {
      one.send(request);
      auto head = one.read_head();
      CHECK(head.starts_with("HTTP/1.1 200 "));
      CHECK(one.read_body(head) == "{}");
    }
  }
}

TEST_CASE("versions before TLS 1.2 are refused", "[tls]") {
  server host{secure()};
  CHECK_THROWS_AS((tls_client{host.port(), {TLS1_1_VERSION, {}, 0}}),
                  disappointment);
  tls_client{host.port()}.send(request);
}

TEST_CASE("http/1.1 is chosen, and nothing else is spoken", "[tls]") {
  server host{secure()};
  CHECK(
    tls_client{host.port(), {TLS1_3_VERSION, "\x02h2\x08http/1.1", 0}}.chosen()
    == "http/1.1");
  CHECK(tls_client{host.port()}.chosen().empty());
  CHECK_THROWS_AS((tls_client{host.port(), {TLS1_3_VERSION, "\x02h2", 0}}),
                  disappointment);
}

TEST_CASE("a client may not renegotiate", "[tls]") {
  server host{secure()};
  tls_client one{host.port(), {TLS1_2_VERSION, {}, 0}};
  one.send(request);
  one.read_body(one.read_head());
  SSL_renegotiate(one.ssl());
  CHECK(SSL_do_handshake(one.ssl()) != 1);
}

TEST_CASE("messages go both ways over TLS", "[tls]") {
  server host{secure()};
  tls_client one{host.port()};
  auto id = host.open(one);
  one.send_text("hello");
  CHECK(host.seen.wait_texts(1) == std::vector{"hello"s});
  tell(host, id, frame("hi"));
  CHECK(one.read_frame() == wire_frame{text_head, "hi"});
  one.send_close(1000);
  CHECK(one.read_frame().code() == 1000);
  CHECK(one.wait_end() == ending::eof);
  CHECK(one.heard_close_notify());
  CHECK(host.only_end().code == close_code::normal);
}

TEST_CASE("one turn is one record", "[tls]") {
  server host{secure()};
  tls_client one{host.port()};
  auto id = host.open(one);
  host.on_thread([&] {
    for (int i = 0; i < 100; ++i)
      host.sockets().send(id, frame("message " + std::to_string(i)));
  });
  // Decrypts the first record, which has them all, up to what an outbox gathers.
  CHECK(one.read_frame().payload == "message 0");
  CHECK(size_t(SSL_pending(one.ssl())) > 20 * "message 0"s.size());
  for (int i = 1; i < 100; ++i)
    CHECK(one.read_frame().payload == "message " + std::to_string(i));
}

TEST_CASE("large messages arrive whole over TLS", "[tls]") {
  auto how = secure();
  how.options.limits.message_bytes = 4 << 20;
  how.options.limits.outbox_bytes = 16 << 20;
  how.options.echo = true;
  server host{how};
  tls_client one{host.port()};
  REQUIRE(one.upgrade("/echo").starts_with("HTTP/1.1 101 "));
  for (size_t size : {16383u, 16384u, 16385u, 65536u, 1u << 20}) {
    std::string text(size, 'x');
    for (size_t i = 0; i < size; i += 7)
      text[i] = char('a' + i % 23);
    one.send_text(text);
    CHECK(one.read_answer() == wire_frame{text_head, text});
  }
}

TEST_CASE("what came with the upgrade is heard, however much", "[tls]") {
  auto how = secure();
  SECTION("over TLS") {}
  SECTION("plain") {
    how.options.tls = nullptr;
  }
  how.options.limits.messages_per_second = 0;
  server host{how};
  std::unique_ptr<client> one;
  if (how.options.tls)
    one = std::make_unique<tls_client>(host.port());
  else
    one = std::make_unique<client>(host.port());
  // Ends where what is read at once does, so that the kernel never tells again.
  auto all = upgrade_request("/ws/ada");
  const auto frame_bytes = 8 + 1000;
  while (all.size() < 200'000) {
    all += "\x81\xFE\x03\xE8";
    all += std::string(4, '\0') + std::string(1000, 'x');
  }
  auto count = (all.size() - upgrade_request("/ws/ada").size()) / frame_bytes;
  one->send(all);
  CHECK(host.seen.wait_texts(count).size() == count);
}

TEST_CASE("bytes may come one by one over TLS", "[tls]") {
  server host{secure()};
  tls_client one{host.port()};
  host.open(one);
  one.send("\x81");
  one.send("\x85");
  for (auto c : "\1\1\1\1"s + "idmmn")
    one.send(std::string(1, c));
  CHECK(host.seen.wait_texts(1) == std::vector{"hello"s});
}

TEST_CASE("a slow reader gets everything over TLS, in its order", "[tls]") {
  auto how = secure();
  how.options.limits.outbox_bytes = 64 << 20;
  server host{how};
  tls_client one{host.port(), {TLS1_3_VERSION, {}, 4096}};
  auto id = host.open(one);
  for (int i = 0; i < 300; ++i)
    tell(host, id, frame(std::to_string(i) + std::string(50'000, '.')));
  // More than the kernel takes.
  host.on_thread(
    [&] { CHECK(host.sockets().vitals(id).outbox_bytes > 1'000'000); });
  for (int i = 0; i < 300; ++i)
    CHECK(one.read_answer().payload.starts_with(std::to_string(i) + "."));
  host.wait_until([&] { return host.sockets().vitals(id).outbox_bytes == 0; });
}

TEST_CASE("a reader that is too slow is closed with 4008 over TLS", "[tls]") {
  auto how = secure();
  how.options.limits.outbox_bytes = 100'000;
  how.options.limits.outbox_stall = 300ms;
  server host{how};
  tls_client one{host.port(), {TLS1_3_VERSION, {}, 4096}};
  auto id = host.open(one);
  for (int i = 0; i < 300; ++i)
    tell(host, id, frame(std::string(50'000, '.')));
  CHECK(host.only_end().code == close_code::slow_consumer);
}

TEST_CASE("outboxes are relieved over TLS too", "[tls]") {
  auto how = secure();
  how.options.limits.outbox_bytes = 64 << 20;
  how.options.outboxes_bytes = 1 << 20;
  server host{how};
  tls_client slow{host.port(), {TLS1_3_VERSION, {}, 4096}};
  tls_client quick{host.port()};
  auto id = host.open(slow);
  auto other = host.open(quick);
  for (int i = 0; i < 300; ++i)
    tell(host, id, frame(std::string(50'000, '.')));
  CHECK(host.seen.wait_ends(1).front().code == close_code::slow_consumer);
  tell(host, other, frame("still there"));
  CHECK(quick.read_answer().payload == "still there");
  // And nothing is counted any more once nobody waits.
  slow.drop_all();
  host.wait_until([&] { return host.sockets().open_sockets() == 1; });
  for (int i = 0; i < 50; ++i) {
    tell(host, other, frame(std::string(30'000, '.')));
    CHECK(quick.read_answer().payload.size() == 30'000);
  }
  CHECK(host.seen.ends().size() == 1);
}

TEST_CASE("a client that ends without close_notify is gone", "[tls]") {
  server host{secure()};
  tls_client one{host.port()};
  host.open(one);
  one.send_text("last words");
  one.finish_sending();
  CHECK(host.only_end().code == close_code::abnormal);
  CHECK(host.seen.texts() == std::vector{"last words"s});
}

TEST_CASE("close_notify is the end, though the socket stays", "[tls]") {
  server host{secure()};
  tls_client one{host.port()};
  host.open(one);
  one.send_text("last words");
  one.say_close_notify();
  CHECK(host.only_end().code == close_code::abnormal);
  CHECK(host.seen.texts() == std::vector{"last words"s});
}

TEST_CASE("a reset ends a TLS connection", "[tls]") {
  server host{secure()};
  tls_client one{host.port()};
  host.open(one);
  one.reset();
  CHECK(host.only_end().code == close_code::abnormal);
}

TEST_CASE("keys may be changed", "[tls]") {
  server host{secure()};
  tls_client one{host.port()};
  auto id = host.open(one);
  for (int i = 0; i < 5; ++i) {
    one.update_keys();
    one.send_text("hello");
    host.seen.wait_texts(size_t(i) + 1);
    tell(host, id, frame("hi"));
    CHECK(one.read_answer().payload == "hi");
  }
}

TEST_CASE("who only changes keys and reads nothing is cut off", "[tls]") {
  server host{secure()};
  tls_client one{host.port(), {TLS1_3_VERSION, {}, 4096}};
  auto id = host.open(one);
  // The kernel's buffers first.
  for (int i = 0; i < 200; ++i)
    tell(host, id, frame(std::string(4'000, '.')));
  try {
    for (int i = 0; i < 20'000; ++i) {
      one.update_keys();
      one.send_text("");
    }
  } catch (const disappointment&) {
    // It was cut off meanwhile.
  }
  host.on_thread([&] {
    CHECK(host.sockets().vitals(id).outbox_bytes < 1'000'000 + 40'000);
  });
}

TEST_CASE("plain HTTP gets a plain answer from a TLS port", "[tls]") {
  server host{secure()};
  for (auto* method : {"GET", "POST", "HEAD", "PUT"}) {
    client one{host.port()};
    one.send(method + " /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n"s);
    auto head = one.read_head();
    CHECK(head.starts_with("HTTP/1.1 400 "));
    CHECK(head.find("Connection: close") != head.npos);
    CHECK(one.read_body(head).find("HTTPS") != std::string::npos);
    CHECK(one.wait_end() == ending::eof);
  }
}

TEST_CASE("garbage does no harm to a TLS port", "[tls]") {
  server host{secure()};
  for (auto& garbage :
       {"\x16\x03\x01\x00\x05hello"s, std::string(100'000, '\0'), "\x80"s,
        "SSH-2.0-OpenSSH_9\r\n"s,
        "\x16\x03\x01\xFF\xFF"s + std::string(70'000, 'x')}) {
    client one{host.port()};
    one.send_some(garbage);
    one.finish_sending();
    one.drop_all();
  }
  tls_client good{host.port()};
  good.send(request);
  CHECK(good.read_head().starts_with("HTTP/1.1 200 "));
}

TEST_CASE("damaged records end a connection", "[tls]") {
  server host{secure()};
  tls_client one{host.port()};
  host.open(one);
  auto damaged = "\x17\x03\x03\x00\x20"s + std::string(32, 'x');
  REQUIRE(::write(SSL_get_fd(one.ssl()), damaged.data(), damaged.size()) > 0);
  CHECK(host.only_end().code == close_code::abnormal);
}

TEST_CASE("a handshake that takes too long ends", "[tls]") {
  auto how = secure();
  how.options.limits.handshake_timeout = 1s;
  server host{how};
  SECTION("where nothing is said") {
    client one{host.port()};
    CHECK(one.wait_end() == ending::eof);
  }
  SECTION("where half of a hello is said") {
    client one{host.port()};
    one.send("\x16\x03\x01\x02");
    CHECK(one.wait_end() == ending::eof);
  }
  SECTION("where no request follows") {
    tls_client one{host.port()};
    CHECK(one.wait_end() == ending::eof);
    CHECK(one.heard_close_notify());
  }
  SECTION("where half of a request follows") {
    tls_client one{host.port()};
    one.send("GET / HTTP/1.1\r\n");
    CHECK(one.read_head().starts_with("HTTP/1.1 408 "));
  }
}
