// SPDX-License-Identifier: MIT
#include "messages/limits.hpp"
#include "tests/support/catch.hpp"
#include "tests/transport/server.hpp"

#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

using namespace parlor;
using namespace parlor::test;
using namespace std::chrono_literals;
using namespace std::string_literals;

namespace {

/// Answers with what was asked.
manners echoing() {
  manners how;
  how.admin = [](api_request& x) {
    x.reply->answer({200, "{\"call\":" + std::to_string(int(x.call))
                            + ",\"body\":\"" + x.body + "\"}"});
  };
  return how;
}

std::string getting(std::string_view target, std::string_view more = "") {
  return "GET " + std::string{target} + " HTTP/1.1\r\nHost: localhost\r\n"
         + std::string{more} + "\r\n";
}

std::string posting(std::string_view target, std::string_view body,
                    std::string_view type = "application/json") {
  return "POST " + std::string{target}
         + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: " + std::string{type}
         + "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n"
         + std::string{body};
}

/// The head of a request whose body comes in chunks.
std::string posting_chunked() {
  return "POST /api/v1/send HTTP/1.1\r\nHost: localhost\r\nContent-Type: "
         "application/json\r\nTransfer-Encoding: chunked\r\n\r\n";
}

/// The head of one that asks whether to go on, with a body of two bytes.
std::string expecting(const std::string& version) {
  return "POST /api/v1/send HTTP/" + version
         + "\r\nHost: localhost\r\nContent-Type: application/json\r\n"
           "Content-Length: 2\r\nExpect: 100-continue\r\n\r\n";
}

/// Sends a request to a server of its own and returns the head of the answer;
/// the connection must end behind it where it says so.
std::string head_for(const std::string& request, manners how = echoing()) {
  server host{std::move(how)};
  client one{host.port()};
  one.send(request);
  auto head = one.read_head();
  auto body = one.read_body(head);
  if (head.find("HTTP/1.1 2") != 0)
    CHECK(body.find("\"status\":" + head.substr(9, 3)) != body.npos);
  if (head.find("Connection: close") != head.npos)
    CHECK(one.wait_end() == ending::eof);
  return head;
}

unsigned status_of(const std::string& request, manners how = echoing()) {
  return unsigned(std::stoul(head_for(request, std::move(how)).substr(9, 3)));
}

} // namespace

TEST_CASE("a request is answered and the connection kept", "[http]") {
  server host{echoing()};
  client one{host.port()};
  for (int i = 0; i < 3; ++i) {
    one.send(getting("/health/live"));
    auto head = one.read_head();
    CHECK(head.starts_with("HTTP/1.1 200 OK\r\n"));
    CHECK(head.find("Connection: keep-alive\r\n") != head.npos);
    CHECK(head.find("Content-Type: application/json\r\n") != head.npos);
    CHECK(one.read_body(head).find("\"call\":13") != std::string::npos);
  }
}

TEST_CASE("pipelined requests are answered in their order", "[http]") {
  server host{echoing()};
  client one{host.port()};
  std::string all;
  for (int i = 0; i < 50; ++i)
    all += i % 2 == 0 ? getting("/health/live")
                      : posting("/api/v1/send", std::to_string(i));
  one.send(all);
  for (int i = 0; i < 50; ++i) {
    auto body = one.read_body(one.read_head());
    if (i % 2 == 0)
      CHECK(body.find("\"call\":13") != body.npos);
    else
      CHECK(body.find("\"body\":\"" + std::to_string(i) + "\"") != body.npos);
  }
}

TEST_CASE("a pipelined request does not overtake a refusal", "[http]") {
  server host{echoing()};
  client one{host.port()};
  one.send(getting("/nowhere") + getting("/health/live")
           + posting("/admin/stats", "x") + getting("/health/live"));
  std::string statuses;
  for (int i = 0; i < 3; ++i) {
    auto head = one.read_head();
    one.read_body(head);
    statuses += head.substr(9, 4);
  }
  CHECK(statuses == "404 200 405 ");
  // The body of a request that was refused is not read.
  CHECK(one.wait_end() == ending::eof);
}

TEST_CASE("HEAD is answered without a body", "[http]") {
  server host{echoing()};
  client one{host.port()};
  one.send("HEAD /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n"
           + getting("/health/live"));
  auto head = one.read_head();
  CHECK(head.starts_with("HTTP/1.1 200 "));
  CHECK(head.find("Content-Length: ") != head.npos);
  CHECK(head.find("Content-Length: 0") == head.npos);
  CHECK(one.read_head().starts_with("HTTP/1.1 200 "));
}

TEST_CASE("pages are served among everything else", "[http]") {
  server host{echoing()};
  client one{host.port()};
  one.send(getting("/?room=tea") + getting("/health/live")
           + "HEAD /parlor.js HTTP/1.1\r\nHost: localhost\r\n\r\n"
           + getting("/health/live") + posting("/", "{}"));
  auto head = one.read_head();
  CHECK(head.starts_with("HTTP/1.1 200 "));
  CHECK(head.find("Content-Type: text/html; charset=utf-8\r\n") != head.npos);
  CHECK(head.find("X-Content-Type-Options: nosniff\r\n") != head.npos);
  CHECK(one.read_body(head).starts_with("<!doctype html>"));
  CHECK(one.read_body(one.read_head()).find("\"call\":13")
        != std::string::npos);
  CHECK(one.read_head().find("Content-Type: text/javascript") != head.npos);
  CHECK(one.read_body(one.read_head()).find("\"call\":13")
        != std::string::npos);
  // The body of a request that was refused is not read.
  auto refused = one.read_head();
  CHECK(refused.starts_with("HTTP/1.1 405 "));
  one.read_body(refused);
  CHECK(one.wait_end() == ending::eof);
}

TEST_CASE("HTTP/1.0 is answered and closed, unless it asks otherwise",
          "[http]") {
  CHECK(
    head_for("GET /health/live HTTP/1.0\r\n\r\n").find("Connection: close\r\n")
    != std::string::npos);
  CHECK(head_for("GET /health/live HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
          .find("Connection: keep-alive\r\n")
        != std::string::npos);
  CHECK(head_for(getting("/health/live", "Connection: close\r\n"))
          .find("Connection: close\r\n")
        != std::string::npos);
}

TEST_CASE("what is no HTTP is a bad request", "[http]") {
  for (auto text : {"nonsense\r\n\r\n", "GET / HTTP/3.0\r\n\r\n",
                    "GET / HTTP/1.1\r\nno colon\r\n\r\n",
                    "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\n",
                    "GET /health/live HTTP/1.1\r\n\r\n",
                    "GET /health/live HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
                    "\x16\x03\x01\x02\x01 tls?\r\n\r\n"})
    CHECK(status_of(text) == 400);
}

TEST_CASE("a header that is too long is 431", "[http]") {
  CHECK(status_of(getting("/health/live",
                          "X: " + std::string(max_header_bytes, 'x') + "\r\n"))
        == 431);
  CHECK(
    status_of(getting("/health/live", "X: " + std::string(15000, 'x') + "\r\n"))
    == 200);
}

TEST_CASE("a header with too many fields is 431", "[http]") {
  auto fields = [](size_t count) {
    std::string result;
    for (size_t i = 0; i < count; ++i)
      result += "X: y\r\n";
    return result;
  };
  // With the Host.
  CHECK(status_of(getting("/health/live", fields(max_header_fields - 1)))
        == 200);
  CHECK(status_of(getting("/health/live", fields(max_header_fields))) == 431);
}

TEST_CASE("a body that is too long is 413, which is delivered", "[http]") {
  server host{echoing()};
  SECTION("by its length") {
    client one{host.port()};
    one.send(posting("/api/v1/send", std::string(4 * max_body_bytes, 'x')));
    auto head = one.read_head();
    CHECK(head.starts_with("HTTP/1.1 413 "));
    CHECK(head.find("application/problem+json") != head.npos);
    one.read_body(head);
    CHECK(one.wait_end() == ending::eof);
  }
  SECTION("in chunks") {
    client one{host.port()};
    one.send(posting_chunked());
    for (int i = 0; i < 40; ++i)
      one.send("10000\r\n" + std::string(0x10000, 'x') + "\r\n");
    auto head = one.read_head();
    CHECK(head.starts_with("HTTP/1.1 413 "));
    one.read_body(head);
    CHECK(one.wait_end() == ending::eof);
  }
}

TEST_CASE("what is around a body has an end", "[http]") {
  auto more = [](std::string_view start) {
    return posting_chunked() + std::string{start} + std::string(100'000, 'x');
  };
  for (auto* start : {"1;", "0;", "2\r\nab\r\n1;x=", "0\r\nX: ", "0\r\nX"}) {
    CAPTURE(start);
    CHECK(status_of(more(start)) == 431);
  }
}

TEST_CASE("only POST takes a body", "[http]") {
  for (auto* line : {"GET /health/live", "HEAD /health/live",
                     "GET /admin/stats", "DELETE /admin/users/ada"}) {
    CAPTURE(line);
    auto head = line + " HTTP/1.1\r\nHost: localhost\r\n"s;
    server host{echoing()};
    for (auto* body : {"Content-Length: 1048575\r\n\r\nx",
                       "Transfer-Encoding: chunked\r\n\r\n1;",
                       "Content-Length: 2\r\nExpect: 100-continue\r\n\r\n"}) {
      client one{host.port()};
      one.send(head + body);
      auto refused = one.read_head();
      CHECK(refused.starts_with("HTTP/1.1 400 "));
      if (*line != 'H')
        one.read_body(refused);
      CHECK(one.wait_end() == ending::eof);
    }
    // An empty one is none.
    client other{host.port()};
    other.send(head + "Content-Length: 0\r\n\r\n");
    CHECK(other.read_head().starts_with("HTTP/1.1 200 "));
  }
}

TEST_CASE("bodies of a thread have a limit together", "[http]") {
  server host{echoing()};
  auto almost = posting("/api/v1/send", std::string(max_body_bytes, 'x'));
  almost.pop_back();
  auto begin = almost.substr(0, almost.find("\r\n\r\n") + 2)
               + "Expect: 100-continue\r\n\r\n";
  std::vector<std::unique_ptr<client>> many;
  for (size_t i = 0; i < max_bodies_bytes / max_body_bytes; ++i) {
    many.push_back(std::make_unique<client>(host.port()));
    // Its body is taken account of when it is told to go on.
    many.back()->send(begin);
    REQUIRE(many.back()->read_head().starts_with("HTTP/1.1 100 "));
    // Nothing but the last byte is missing.
    many.back()->send(std::string(max_body_bytes - 1, 'x'));
  }
  auto refused = [&](const std::string& request) {
    client one{host.port()};
    one.send(request);
    auto head = one.read_head();
    one.read_body(head);
    CHECK(head.find("Retry-After: ") != head.npos);
    CHECK(one.wait_end() == ending::eof);
    return head.starts_with("HTTP/1.1 503 ");
  };
  CHECK(refused(almost));
  CHECK(refused(posting_chunked() + "100\r\n" + std::string(0x100, 'x')));
  // Who has no body is none of them, and whoever is answered makes room.
  client none{host.port()};
  none.send(getting("/health/live"));
  CHECK(none.read_head().starts_with("HTTP/1.1 200 "));
  many.front()->send("x");
  CHECK(many.front()->read_head().starts_with("HTTP/1.1 200 "));
  client next{host.port()};
  next.send(posting("/api/v1/send", std::string(max_body_bytes, 'x')));
  CHECK(next.read_head().starts_with("HTTP/1.1 200 "));
  // So does who goes.
  many.pop_back();
  many.front().reset();
  client last{host.port()};
  last.send(posting("/api/v1/send", std::string(max_body_bytes, 'x')));
  CHECK(last.read_head().starts_with("HTTP/1.1 200 "));
}

TEST_CASE("the longest body is taken, in chunks too", "[http]") {
  server host{echoing()};
  client one{host.port()};
  one.send(posting("/api/v1/send", std::string(max_body_bytes, 'x')));
  auto head = one.read_head();
  CHECK(head.starts_with("HTTP/1.1 200 "));
  CHECK(one.read_body(head).size() > max_body_bytes);
  one.send(posting_chunked() + "3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n");
  CHECK(one.read_body(one.read_head()).find("\"abcde\"") != std::string::npos);
}

TEST_CASE("who asks whether to go on is told to", "[http]") {
  server host{echoing()};
  client one{host.port()};
  one.send(expecting("1.1"));
  CHECK(one.read_head() == "HTTP/1.1 100 Continue\r\n\r\n");
  one.send("{}");
  CHECK(one.read_head().starts_with("HTTP/1.1 200 "));
}

TEST_CASE("who speaks HTTP/1.0 cannot be told to go on", "[http]") {
  server host{echoing()};
  client one{host.port()};
  one.send(expecting("1.0") + "{}");
  CHECK(one.read_head().starts_with("HTTP/1.1 200 "));
}

TEST_CASE("what is no HTTP is told so behind any request", "[http]") {
  for (auto* method : {"GET", "HEAD"}) {
    CAPTURE(method);
    server host{echoing()};
    client one{host.port()};
    one.send(method + getting("/health/live").substr(3) + "nonsense\r\n\r\n");
    auto first = one.read_head();
    CHECK(first.find("Connection: keep-alive\r\n") != first.npos);
    if (*method == 'G')
      one.read_body(first);
    auto refused = one.read_head();
    CHECK(refused.starts_with("HTTP/1.1 400 "));
    CHECK(refused.find("Connection: close\r\n") != refused.npos);
    CHECK(one.read_body(refused).find("\"status\":400") != std::string::npos);
    CHECK(one.wait_end() == ending::eof);
  }
}

TEST_CASE("a body must be JSON", "[http]") {
  for (auto type :
       {"application/json", "Application/JSON", "application/json;",
        "application/json; charset=utf-8", "application/json;charset=UTF-8",
        "application/json; charset = \"utf-8\"", "application/json; x=y",
        "application/json;odata=verbose;;charset=utf-8"})
    CHECK(status_of(posting("/api/v1/send", "{}", type)) == 200);
  for (auto type : {"text/plain", "application/x-www-form-urlencoded",
                    "application/jsonx", "application/json; charset=latin1",
                    "application/json; x=y; charset=utf-16", ";", ""})
    CHECK(status_of(posting("/api/v1/send", "{}", type)) == 415);
}

TEST_CASE("only callers that may are answered", "[http]") {
  CHECK(status_of(getting("/admin/stats")) == 200);
  CHECK(status_of(getting("/admin/stats", "X-Forwarded-For: 1.2.3.4\r\n"))
        == 403);
  CHECK(status_of("GET /admin/nowhere HTTP/1.1\r\nHost: evil\r\n\r\n") == 403);
  auto how = echoing();
  how.options.admin_token = "t0ken";
  CHECK(status_of(getting("/admin/stats"), how) == 401);
  CHECK(
    status_of(getting("/admin/stats", "Authorization: Bearer t0ken\r\n"), how)
    == 200);
  CHECK(status_of(getting("/health/live"), how) == 200);
}

TEST_CASE("other options hold from the next request on", "[http]") {
  server host{echoing()};
  client one{host.port()};
  auto status = [&] {
    one.send(getting("/admin/stats"));
    auto head = one.read_head();
    one.read_body(head);
    return head.substr(9, 3);
  };
  CHECK(status() == "200");
  transport::io_options other;
  other.admin_token = "t0ken";
  host.on_thread([&] { host.sockets().adopt(other); });
  CHECK(status() == "401");
}

TEST_CASE("an upgrade that is refused is a problem", "[http]") {
  CHECK(status_of(getting("/ws")) == 426);
  CHECK(status_of(upgrade_request("/nowhere")) == 404);
  CHECK(status_of(upgrade_request("/ws/a?dialect=no")) == 400);
  CHECK(status_of(upgrade_request("/ws/a", "Origin: http://evil\r\n")) == 403);
}

TEST_CASE("a request that is dropped unanswered is 500", "[http]") {
  manners how;
  how.admin = [](api_request& x) { x.reply.reset(); };
  CHECK(status_of(getting("/health/live"), how) == 500);
}

TEST_CASE("health is answered although admin is silent", "[http]") {
  std::mutex guard;
  std::vector<std::shared_ptr<api_answerer>> kept;
  manners how;
  how.admin = [&](api_request& x) {
    std::lock_guard lock{guard};
    kept.push_back(x.reply);
  };
  server host{how};
  client one{host.port()};
  one.send(getting("/health/live") + getting("/health/ready"));
  auto live = one.read_head();
  CHECK(live.starts_with("HTTP/1.1 200 "));
  CHECK(one.read_body(live).find("\"live\"") != std::string::npos);
  auto ready = one.read_head();
  CHECK(ready.starts_with("HTTP/1.1 503 "));
  CHECK(one.read_body(ready).find("does not turn") != std::string::npos);
}

TEST_CASE("the first answer counts", "[http]") {
  manners how;
  how.admin = [](api_request& x) {
    x.reply->answer({200, "{\"n\":1}"});
    x.reply->answer({200, "{\"n\":2}"});
  };
  server host{how};
  client one{host.port()};
  one.send(getting("/health/live") + getting("/health/ready"));
  for (int i = 0; i < 2; ++i)
    CHECK(one.read_body(one.read_head()) == "{\"n\":1}");
}

TEST_CASE("an answer that comes too late is nobody's", "[http]") {
  std::mutex guard;
  std::vector<std::shared_ptr<api_answerer>> kept;
  manners how;
  how.options.limits.http_idle = 300ms;
  how.admin = [&](api_request& x) {
    std::lock_guard lock{guard};
    kept.push_back(x.reply);
  };
  {
    server host{how};
    client one{host.port()};
    // Of the other paths, health has a limit of its own.
    one.send(getting("/admin/stats"));
    auto late = one.read_head();
    CHECK(late.starts_with("HTTP/1.1 503 "));
    CHECK(late.find("Connection: close\r\n") != late.npos);
    one.read_body(late);
    CHECK(one.wait_end() == ending::eof);
    {
      std::lock_guard lock{guard};
      REQUIRE(kept.size() == 1);
      kept[0]->answer({200, "{}"});
    }
    host.on_thread([] {});
    client other{host.port()};
    other.send(getting("/admin/stats"));
    host.wait_until([&] {
      std::lock_guard lock{guard};
      return kept.size() == 2;
    });
  }
  // The thread is gone, and nothing happens.
  kept[1]->answer({200, "{}"});
  kept.clear();
}

TEST_CASE("a scrape does not wait for an admin that is stuck", "[http]") {
  std::mutex guard;
  std::vector<std::shared_ptr<api_answerer>> kept;
  manners how;
  how.admin = [&](api_request& x) {
    std::lock_guard lock{guard};
    kept.push_back(x.reply);
  };
  server host{how};
  client one{host.port()};
  one.send(getting("/metrics"));
  auto head = one.read_head();
  CHECK(head.starts_with("HTTP/1.1 503 "));
  CHECK(one.read_body(head).find("An I/O thread does not turn")
        != std::string::npos);
}

TEST_CASE("an answer without content has none", "[http]") {
  manners how;
  how.admin = [](api_request& x) { x.reply->answer({204, ""}); };
  server host{how};
  client one{host.port()};
  one.send("DELETE /admin/users/ada HTTP/1.1\r\nHost: localhost\r\n\r\n"
           + getting("/health/live"));
  CHECK(one.read_head().starts_with("HTTP/1.1 204 No Content\r\n"));
  CHECK(one.read_head().starts_with("HTTP/1.1 204 No Content\r\n"));
}

TEST_CASE("who says nothing is closed", "[http]") {
  // One limit acts, the other is longer than any patience.
  SECTION("before its first request") {
    manners how = echoing();
    how.options.limits.handshake_timeout = 1s;
    how.options.limits.http_idle = 1h;
    server host{how};
    client silent{host.port()};
    CHECK(silent.wait_end() == ending::eof);
    client blank{host.port()};
    blank.send("\r\n\r\n");
    CHECK(blank.wait_end() == ending::eof);
  }
  SECTION("behind a request") {
    manners how = echoing();
    how.options.limits.handshake_timeout = 1h;
    how.options.limits.http_idle = 1s;
    server host{how};
    client idle{host.port()};
    idle.send(getting("/health/live"));
    idle.read_body(idle.read_head());
    CHECK(idle.wait_end() == ending::eof);
  }
}

TEST_CASE("an answer is not cut while its client takes it", "[http]") {
  // Far more than kernels keep.
  constexpr size_t part = 65536;
  constexpr size_t parts = 400;
  manners how;
  how.options.limits.http_idle = 500ms;
  how.admin = [](api_request& x) {
    x.reply->answer({200, std::string(part * parts, 'x')});
  };
  server host{how};
  client slow{host.port(), part};
  slow.send(getting("/admin/stats") + getting("/health/live"));
  CHECK(slow.read_head().starts_with("HTTP/1.1 200 "));
  SECTION("however slowly") {
    for (size_t i = 0; i < parts; ++i) {
      CHECK(slow.read_exactly(part) == std::string(part, 'x'));
      if (i < 64)
        std::this_thread::sleep_for(40ms);
    }
    CHECK(slow.read_head().starts_with("HTTP/1.1 200 "));
  }
  SECTION("but where it takes nothing") {
    std::this_thread::sleep_for(2s);
    CHECK_THROWS(slow.read_exactly(part * parts));
  }
}

TEST_CASE("a body is waited for while it comes", "[http]") {
  manners how = echoing();
  how.options.limits.http_idle = 500ms;
  server host{how};
  client slow{host.port()};
  auto request = posting("/api/v1/send", "[1,2,3,4,5,6,7,8]");
  constexpr size_t late = 15;
  slow.send(request.substr(0, request.size() - late));
  for (auto x : request.substr(request.size() - late)) {
    std::this_thread::sleep_for(100ms);
    slow.send({&x, 1});
  }
  CHECK(slow.read_head().starts_with("HTTP/1.1 200 "));
}

TEST_CASE("who does not finish a request is told so", "[http]") {
  manners how = echoing();
  how.options.limits.handshake_timeout = 1s;
  how.options.limits.http_idle = 1s;
  for (auto& part :
       {std::string{"G"}, std::string{"GET /health/live HT"},
        getting("/health/live", "X: y\r\n").substr(0, 50),
        "POST /api/v1/send HTTP/1.1\r\nHost: localhost\r\nContent-Type: "
        "application/json\r\nContent-Length: 2\r\n\r\n{"s}) {
    CAPTURE(part);
    CHECK(status_of(part, how) == 408);
  }
  // So is whose second one it is, with a body whatever the first one was.
  for (auto* method : {"GET", "HEAD"}) {
    CAPTURE(method);
    server host{how};
    client second{host.port()};
    second.send(method + getting("/health/live").substr(3) + "GET");
    auto first = second.read_head();
    CHECK(first.starts_with("HTTP/1.1 200 "));
    if (*method == 'G')
      second.read_body(first);
    auto late = second.read_head();
    CHECK(late.starts_with("HTTP/1.1 408 "));
    CHECK(second.read_body(late).find("\"status\":408") != std::string::npos);
    CHECK(second.wait_end() == ending::eof);
  }
}

TEST_CASE("who has its last answer and does not end is cut off", "[http]") {
  manners how = echoing();
  how.options.limits.handshake_timeout = 1h;
  how.options.limits.http_idle = 1h;
  server host{how};
  client one{host.port()};
  one.send(getting("/health/live", "Connection: close\r\n"));
  one.read_body(one.read_head());
  // What it sends is dropped, and then nobody takes it any more.
  auto deadline = std::chrono::steady_clock::now() + patience;
  auto begun = std::chrono::steady_clock::now();
  while (one.send_some("x") && std::chrono::steady_clock::now() < deadline)
    std::this_thread::sleep_for(50ms);
  CHECK(std::chrono::steady_clock::now() < deadline);
  CHECK(std::chrono::steady_clock::now() - begun > 1s);
}

TEST_CASE("a pause of the process is nobody's idleness", "[http]") {
  manners how = echoing();
  how.options.limits.http_idle = 2s;
  server host{how};
  client one{host.port()};
  one.send(getting("/health/live"));
  one.read_body(one.read_head());
  host.on_thread([] { std::this_thread::sleep_for(2500ms); });
  std::this_thread::sleep_for(500ms);
  one.send(getting("/health/live"));
  CHECK(one.read_head().starts_with("HTTP/1.1 200 "));
}

TEST_CASE("what came in time is read, however late that is", "[http]") {
  manners how = echoing();
  how.options.limits.handshake_timeout = 3s;
  server host{how};
  // More than are told at once that they can read.
  std::vector<std::unique_ptr<client>> many;
  for (auto i = 0; i < 300; ++i)
    many.push_back(std::make_unique<client>(host.port()));
  many.back()->send(getting("/health/live"));
  many.back()->read_body(many.back()->read_head());
  many.pop_back();
  // As if the process had been stopped.
  host.on_thread([&] {
    for (auto& one : many)
      one->send(getting("/health/live"));
    std::this_thread::sleep_for(3s);
  });
  for (auto& one : many)
    CHECK(one->read_head().starts_with("HTTP/1.1 200 "));
}

TEST_CASE("empty lines before a request are ignored", "[http]") {
  server host{echoing()};
  client one{host.port()};
  one.send("\r\n" + getting("/health/live") + "\r\n\r\n"
           + getting("/health/live"));
  for (int i = 0; i < 2; ++i)
    CHECK(one.read_body(one.read_head()).find("\"call\"") != std::string::npos);
  one.send("\r");
  host.on_thread([] {});
  one.send("\n" + getting("/health/live"));
  CHECK(one.read_head().starts_with("HTTP/1.1 200 "));
}

TEST_CASE("a target may be in absolute form, and names the host", "[http]") {
  CHECK(status_of(getting("http://a.example/health/live")) == 200);
  CHECK(status_of(getting("http://a.example")) == 200);
  CHECK(status_of(getting("HTTPS://localhost/admin/stats")) == 200);
  CHECK(status_of(getting("http://evil/admin/stats")) == 403);
  CHECK(status_of(getting("http://a@localhost/health/live")) == 400);
  CHECK(status_of(getting("ftp://localhost/health/live")) == 400);
  CHECK(status_of("GET http://localhost/health/live HTTP/1.1\r\n\r\n") == 400);
  CHECK(status_of(upgrade_request("http://127.0.0.1/ws/ada",
                                  "Origin: http://localhost\r\n"))
        == 403);
  server host{echoing()};
  client one{host.port()};
  CHECK(one.upgrade("http://127.0.0.1/ws/ada", "Origin: http://127.0.0.1\r\n")
          .starts_with("HTTP/1.1 101 "));
}

TEST_CASE("a page of a rebound name gets no WebSocket", "[http]") {
  // To /ws its origin is the same.
  auto rebound = upgrade_request("http://evil.example/ws/ada",
                                 "Origin: http://evil.example\r\n");
  CHECK(status_of(rebound) == 403);
  auto opened = [&](manners how) {
    server host{std::move(how)};
    client one{host.port()};
    one.send(rebound);
    return one.read_head().starts_with("HTTP/1.1 101 ");
  };
  // Where it has to show a token it has none; or it was let in by name.
  auto how = echoing();
  how.options.tokens = true;
  CHECK(opened(how));
  how = echoing();
  how.options.origins = {
    *parlor::transport::origin_pattern::parse("http://evil.example")};
  CHECK(opened(how));
}

TEST_CASE("every answer has a date", "[http]") {
  for (auto request : {getting("/admin/stats"), getting("/nowhere"),
                       std::string{"nonsense\r\n\r\n"}}) {
    server host{echoing()};
    client one{host.port()};
    one.send(request);
    CHECK(one.read_head().find(" GMT\r\n") != std::string::npos);
  }
}

TEST_CASE("the header Idempotency-Key is refused where it has no effect",
          "[http]") {
  CHECK(status_of("POST /api/v1/send HTTP/1.1\r\nHost: localhost\r\n"
                  "Content-Type: application/json\r\nIdempotency-Key: k\r\n"
                  "Content-Length: 2\r\n\r\n{}")
        == 400);
}

TEST_CASE("the header Idempotency-Key is handed on", "[http]") {
  manners how;
  how.admin = [](api_request& x) { x.reply->answer({200, '"' + x.key + '"'}); };
  server host{how};
  client one{host.port()};
  auto request = posting("/api/v1/publish", "{}");
  one.send(request.insert(request.find("Content-Type"),
                          "idempotency-key: the key\r\n"));
  CHECK(one.read_body(one.read_head()) == "\"the key\"");
}
