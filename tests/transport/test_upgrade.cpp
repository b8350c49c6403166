// SPDX-License-Identifier: MIT
#include "transport/upgrade.hpp"

#include "tests/support/catch.hpp"
#include "tests/transport/head_of.hpp"

#include <algorithm>
#include <string>
#include <vector>

using namespace parlor;
using namespace parlor::test;
using namespace parlor::transport;

namespace {

const std::vector<header> good_headers{
  {"Host", "example.org"},
  {"Upgrade", "websocket"},
  {"Connection", "Upgrade"},
  {"Sec-WebSocket-Version", "13"},
  {"Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="}};

/// A good request for this path; a header of `change` replaces those of its
/// name, or takes them away where its value is "-"; "+" in front adds.
request_head asks(std::string_view target,
                  std::initializer_list<header> change = {}) {
  request_head result{"GET", target, 11, good_headers};
  for (auto [name, value] : change) {
    if (value.starts_with('+')) {
      result.headers.emplace_back(name, value.substr(1));
      continue;
    }
    std::erase_if(result.headers,
                  [&](auto& x) { return same_text(x.first, name); });
    if (value != "-")
      result.headers.emplace_back(name, value);
  }
  return result;
}

accepted_upgrade accepted(const request_head& head, io_options options = {}) {
  CAPTURE(head.target);
  auto result = judge_upgrade(head, options);
  if (auto* no = std::get_if<refusal>(&result))
    FAIL(no->detail);
  return std::get<accepted_upgrade>(result);
}

refusal refused(const request_head& head, io_options options = {}) {
  CAPTURE(head.target);
  auto result = judge_upgrade(head, options);
  REQUIRE(std::holds_alternative<refusal>(result));
  return std::get<refusal>(result);
}

unsigned status(const request_head& head, io_options options = {}) {
  return refused(head, std::move(options)).status;
}

} // namespace

TEST_CASE("the endpoints name user and dialect", "[upgrade]") {
  auto ws = accepted(asks("/ws/ada"));
  CHECK(ws.shake.user == user_id{"ada"});
  CHECK(ws.shake.speaks == dialect::typed);
  CHECK(ws.key == "dGhlIHNhbXBsZSBub25jZQ==");
  CHECK_FALSE(ws.answered);
  CHECK(accepted(asks("/chat/ada")).shake.speaks == dialect::action);
  CHECK(accepted(asks("/ws/J%C3%BCrgen%2F1")).shake.user
        == user_id{"J\xC3\xBCrgen/1"});
}

TEST_CASE("who comes to /ws without a name gets a random one", "[upgrade]") {
  auto one = accepted(asks("/ws")).shake.user.str();
  auto other = accepted(asks("/ws")).shake.user.str();
  CHECK(one != other);
  REQUIRE(one.size() == 21);
  CHECK(one.starts_with("anon-"));
  CHECK(one.find_first_not_of("0123456789abcdef", 5) == one.npos);
}

TEST_CASE("/ws takes the user of its query", "[upgrade]") {
  auto ada = accepted(asks("/ws?user=ada"));
  CHECK(ada.shake.user == user_id{"ada"});
  CHECK_FALSE(ada.shake.anonymous);
  CHECK(accepted(asks("/ws?room=x&user=J%C3%BCrgen%2F1+%3f")).shake.user
        == user_id{"Jürgen/1 ?"});
  for (auto* bad : {"/ws?user", "/ws?user=", "/ws?user=a%00",
                    "/ws?user=a&user=a", "/ws?user=a&user=b"})
    CHECK(status(asks(bad)) == 400);
  CHECK(status(asks("/ws?user=server")) == 403);
  // A path that names somebody is all that counts there.
  CHECK(accepted(asks("/ws/ada?user=bob")).shake.user == user_id{"ada"});
  CHECK(accepted(asks("/chat/ada?user=")).shake.user == user_id{"ada"});
  CHECK(status(asks("/chat?user=ada")) == 404);
}

TEST_CASE("what /ws speaks by itself is configured", "[upgrade]") {
  io_options options;
  options.ws_dialect = dialect::text;
  CHECK(accepted(asks("/ws/a"), options).shake.speaks == dialect::text);
  CHECK(accepted(asks("/ws"), options).shake.speaks == dialect::text);
  CHECK(accepted(asks("/chat/a"), options).shake.speaks == dialect::action);
  CHECK(accepted(asks("/ws/a?dialect=typed"), options).shake.speaks
        == dialect::typed);
}

TEST_CASE("names in the path are checked", "[upgrade]") {
  for (auto path : {"/ws/", "/ws/%00", "/ws/%7F", "/ws/%FF", "/ws/%", "/chat/",
                    "/chat/%C2%80", "/ws/a%0Ab"})
    CHECK(status(asks(path)) == 400);
  CHECK(status(asks("/ws/" + std::string(256, 'a'))) == 400);
  auto longest = "/ws/" + std::string(255, 'a');
  CHECK(accepted(asks(longest)).shake.user.str().size() == 255);
}

TEST_CASE("nobody is called as the service itself") {
  for (auto target : {"/ws/server", "/chat/server", "/ws/%73erver",
                      "/ws/server?dialect=text"})
    CHECK(status(asks(target)) == 403);
  io_options options;
  options.api_sender = "the house";
  CHECK(status(asks("/ws/the%20house"), options) == 403);
  CHECK(accepted(asks("/ws/server"), options).shake.user.str() == "server");
}

TEST_CASE("in dialect text names are plain") {
  for (auto name : {"%5BPrivate%20from%20bob%5D", "bob%3A%20hi", "error",
                    "bob%20joined%20tea", "a%E2%80%A8b"}) {
    std::string target = std::string{"/ws/"} + name;
    CHECK(status(asks(target + "?dialect=text")) == 400);
    CHECK(status(asks(target, {{"Sec-WebSocket-Protocol", "parlor.text.v1"}}))
          == 400);
    CHECK(accepted(asks(target)).shake.speaks == dialect::typed);
  }
  accepted(asks("/ws/Ann%20Lee?dialect=text"));
  accepted(asks("/ws?dialect=text"));
}

TEST_CASE("other paths are not found", "[upgrade]") {
  for (auto path : {"/", "/chat", "/ws/a/b", "/chat/a/b", "/WS/a", "/wsx",
                    "/echo", "//ws", "/admin/stats"})
    CHECK(status(asks(path)) == 404);
}

TEST_CASE("there is an echo where it is switched on", "[upgrade]") {
  io_options options;
  options.echo = true;
  CHECK(accepted(asks("/echo"), options).echo);
  CHECK_FALSE(accepted(asks("/ws/echo"), options).echo);
  CHECK(status(asks("/echo/a"), options) == 404);
  CHECK(status(asks("/echo", {{"Origin", "http://evil.example"}}), options)
        == 403);
  CHECK(wants_websocket(head_of("GET", "/echo", {})));
  CHECK_FALSE(wants_websocket(head_of("GET", "/echo/a", {})));
}

TEST_CASE("a dialect is chosen by query", "[upgrade]") {
  CHECK(accepted(asks("/ws/a?dialect=action")).shake.speaks == dialect::action);
  CHECK(accepted(asks("/chat/a?dialect=text")).shake.speaks == dialect::text);
  CHECK(accepted(asks("/ws/a?dialect=text&dialect=action")).shake.speaks
        == dialect::text);
  CHECK(status(asks("/ws/a?dialect=text&dialect=klingon")) == 400);
  CHECK(status(asks("/ws/a?dialect=klingon")) == 400);
  CHECK(status(asks("/ws/a?dialect=")) == 400);
  CHECK(status(asks("/ws/a?dialect=Typed")) == 400);
}

TEST_CASE("a known subprotocol wins and is answered", "[upgrade]") {
  auto offer = [](std::string_view target, std::string_view names) {
    return accepted(asks(target, {{"Sec-WebSocket-Protocol", names}}));
  };
  auto one = offer("/ws/a?dialect=text", "parlor.action.v1");
  CHECK(one.shake.speaks == dialect::action);
  CHECK(one.answered == dialect::action);
  auto first = offer("/ws/a", "x, parlor.text.v1 ,parlor.typed.v1");
  CHECK(first.answered == dialect::text);
  auto unknown = offer("/chat/a", "graphql-ws, bearer.abc");
  CHECK_FALSE(unknown.answered);
  CHECK(unknown.shake.speaks == dialect::action);
  auto bearer = offer("/ws/a", "bearer.parlor.text.v1, parlor.typed.v1");
  CHECK(bearer.answered == dialect::typed);
  CHECK(status(asks("/ws/a?dialect=no",
                    {{"Sec-WebSocket-Protocol", "parlor.typed.v1"}}))
        == 400);
}

TEST_CASE("subprotocols may come in several headers", "[upgrade]") {
  auto x = accepted(
    asks("/ws/a", {{"Sec-WebSocket-Protocol", "+foo"},
                   {"Sec-WebSocket-Protocol", "+parlor.text.v1"}}));
  CHECK(x.answered == dialect::text);
}

TEST_CASE("initial rooms are taken in their order", "[upgrade]") {
  auto x = accepted(asks("/ws/a?room=b&dialect=typed&room=a%20b&room=c+d"));
  CHECK(x.shake.rooms
        == std::vector<room_name>{room_name{"b"}, room_name{"a b"},
                                  room_name{"c d"}});
  CHECK(status(asks("/ws/a?room=")) == 400);
  CHECK(status(asks("/ws/a?room=%01")) == 400);
  CHECK(status(asks("/ws/a?room=%FF")) == 400);
}

TEST_CASE("there are not more initial rooms than a connection may be in",
          "[upgrade]") {
  io_options options;
  options.limits.rooms_per_connection = 2;
  CHECK(accepted(asks("/ws/a?room=1&room=2"), options).shake.rooms.size() == 2);
  CHECK(status(asks("/ws/a?room=1&room=2&room=3"), options) == 400);
}

TEST_CASE("an upgrade is a GET of HTTP/1.1", "[upgrade]") {
  auto post = asks("/ws/a");
  post.method = "POST";
  auto no = refused(post);
  CHECK(no.status == 405);
  CHECK(no.headers
        == std::vector<std::pair<std::string, std::string>>{{"Allow", "GET"}});
  auto old = asks("/ws/a");
  old.version = 10;
  CHECK(status(old) == 400);
}

TEST_CASE("who does not ask for a WebSocket is told to", "[upgrade]") {
  auto no = refused(asks("/ws", {{"Upgrade", "-"}}));
  CHECK(no.status == 426);
  CHECK(no.headers[0]
        == std::pair<std::string, std::string>{"Upgrade", "websocket"});
  CHECK(status(asks("/ws", {{"Upgrade", "h2c"}})) == 426);
  CHECK(status(asks("/ws", {{"Connection", "keep-alive"}})) == 426);
  CHECK(status(asks("/ws", {{"Connection", "-"}})) == 426);
}

TEST_CASE("tokens are compared whatever their case", "[upgrade]") {
  accepted(asks("/ws", {{"Upgrade", "h2c, WebSocket"},
                        {"Connection", "keep-alive, upgrade"}}));
}

TEST_CASE("another version is told the one that is spoken", "[upgrade]") {
  for (auto version : {"-", "", "12", "8", "14", "013", "13, 8"}) {
    auto no = refused(asks("/ws", {{"Sec-WebSocket-Version", version}}));
    CHECK(no.status == 426);
    CHECK(
      no.headers[0]
      == std::pair<std::string, std::string>{"Sec-WebSocket-Version", "13"});
  }
  CHECK(status(asks("/ws", {{"Sec-WebSocket-Version", "+13"}})) == 426);
}

TEST_CASE("a key is 16 bytes in base64, once", "[upgrade]") {
  for (auto key : {"-", "", "x", "dGhlIHNhbXBsZSBub25jZQ=",
                   "dGhlIHNhbXBsZSBub25jZQ===", "dGhlIHNhbXBsZSBub25jZR==",
                   "dGhlIHNhbXBsZSBub25jZQAA", "dGhlIHNhbXBsZSBub25jZ===",
                   "dGhlIHNhbXBsZSBub25j_Q==", "dGhlIHNhbXBsZSBub25jZS4u"})
    CHECK(status(asks("/ws", {{"Sec-WebSocket-Key", key}})) == 400);
  CHECK(
    status(asks("/ws", {{"Sec-WebSocket-Key", "+dGhlIHNhbXBsZSBub25jZQ=="}}))
    == 400);
}

TEST_CASE("the last digit of a key has no bits to spare", "[upgrade]") {
  for (auto digit : {"A", "Q", "g", "w"})
    accepted(
      asks("/ws", {{"Sec-WebSocket-Key",
                    "dGhlIHNhbXBsZSBub25j+" + std::string{digit} + "=="}}));
  for (auto digit : {"B", "P", "R", "h", "v", "x", "/"})
    CHECK(status(asks("/ws",
                      {{"Sec-WebSocket-Key",
                        "dGhlIHNhbXBsZSBub25j/" + std::string{digit} + "=="}}))
          == 400);
}

TEST_CASE("an upgrade has no body", "[upgrade]") {
  CHECK(status(asks("/ws", {{"Transfer-Encoding", "chunked"}})) == 400);
  CHECK(status(asks("/ws", {{"Content-Length", "1"}})) == 400);
  accepted(asks("/ws", {{"Content-Length", "0"}}));
}

TEST_CASE("origins that are not allowed are turned away", "[upgrade]") {
  CHECK(status(asks("/ws", {{"Origin", "http://evil.example"}})) == 403);
  accepted(asks("/ws", {{"Origin", "http://example.org"}}));
  io_options options;
  options.origins = {*origin_pattern::parse("http://evil.example")};
  accepted(asks("/ws", {{"Origin", "http://evil.example"}}), options);
  CHECK(status(asks("/ws", {{"Origin", "http://example.org"}}), options)
        == 403);
}

TEST_CASE("what a client says of itself is made fit to be shown", "[upgrade]") {
  CHECK(accepted(asks("/ws")).shake.client.empty());
  CHECK(accepted(asks("/ws", {{"User-Agent", "curl/8\xFF\x01"}})).shake.client
        == "curl/8??");
  std::string longer(1000, 'x');
  CHECK(accepted(asks("/ws", {{"User-Agent", longer}})).shake.client.size()
        == 255);
}

TEST_CASE("requests for a WebSocket are told from others", "[upgrade]") {
  CHECK(wants_websocket(asks("/")));
  CHECK(wants_websocket(head_of("GET", "/ws", {})));
  CHECK(wants_websocket(head_of("GET", "/chat/a?x", {})));
  CHECK_FALSE(wants_websocket(head_of("GET", "/", {})));
  CHECK_FALSE(wants_websocket(head_of("GET", "/wsx", {})));
  CHECK_FALSE(wants_websocket(head_of("GET", "/admin/stats", {})));
}

TEST_CASE("a token is taken where one is wanted", "[upgrade]") {
  io_options wanting;
  wanting.tokens = true;
  auto token_of = [&](std::initializer_list<header> more) {
    return accepted(asks("/ws", more), wanting).shake.token;
  };
  CHECK(token_of({}).empty());
  CHECK(token_of({{"Authorization", "Bearer a.b.c"}}) == "a.b.c");
  CHECK(token_of({{"Authorization", "bearer  a.b.c "}}) == "a.b.c");
  CHECK(token_of({{"Authorization", "Basic a"}}).empty());
  CHECK(token_of({{"Sec-WebSocket-Protocol", "parlor.typed.v1, bearer.a.b.c"}})
        == "a.b.c");
  CHECK(token_of({{"Authorization", "Bearer x"},
                  {"Sec-WebSocket-Protocol", "bearer.y"}})
        == "x");
  auto query = accepted(asks("/ws?token=a&bearer.b=c"), wanting);
  CHECK(query.shake.token.empty());
  auto unwanted = accepted(asks("/ws", {{"Authorization", "Bearer a"}}));
  CHECK(unwanted.shake.token.empty());
}

TEST_CASE("who is named by nothing is anonymous", "[upgrade]") {
  CHECK(accepted(asks("/ws")).shake.anonymous);
  CHECK_FALSE(accepted(asks("/ws/ann")).shake.anonymous);
  CHECK_FALSE(accepted(asks("/chat/ann")).shake.anonymous);
}

TEST_CASE("the inspector's viewers are accepted where there is one",
          "[upgrade]") {
  auto judged = judge_upgrade(asks("/debug/live"), {}, true);
  REQUIRE(std::holds_alternative<accepted_upgrade>(judged));
  auto& good = std::get<accepted_upgrade>(judged);
  CHECK(good.views);
  CHECK(good.shake.user.empty());
  CHECK(refused(asks("/debug/live")).status == 404);
  for (auto target :
       {"/debug", "/debug/actors", "/debug/live/x", "/debug/live/"}) {
    auto other = judge_upgrade(asks(target), {}, true);
    REQUIRE(std::holds_alternative<refusal>(other));
    CHECK(std::get<refusal>(other).status == 404);
  }
  auto client = judge_upgrade(asks("/ws/ann"), {}, true);
  CHECK_FALSE(std::get<accepted_upgrade>(client).views);
}
