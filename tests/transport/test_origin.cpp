// SPDX-License-Identifier: MIT
#include "transport/origin.hpp"

#include "tests/support/catch.hpp"
#include "tests/transport/head_of.hpp"

using namespace parlor::test;
using namespace parlor::transport;

namespace {

std::vector<origin_pattern>
patterns(std::initializer_list<std::string_view> texts) {
  std::vector<origin_pattern> result;
  for (auto text : texts)
    result.push_back(*origin_pattern::parse(text));
  return result;
}

} // namespace

TEST_CASE("an origin is the same when name and port are", "[origin]") {
  CHECK(same_origin("http://example.org", "example.org"));
  CHECK(same_origin("http://example.org", "example.org:80"));
  CHECK(same_origin("http://example.org:80", "example.org"));
  CHECK(same_origin("https://example.org", "example.org"));
  CHECK(same_origin("https://example.org", "example.org:443"));
  CHECK(same_origin("http://localhost:8080", "localhost:8080"));
  CHECK(same_origin("http://Example.ORG", "example.org"));
  CHECK(same_origin("http://[::1]:8080", "[::1]:8080"));
}

TEST_CASE("an origin that differs anywhere is another", "[origin]") {
  CHECK_FALSE(same_origin("http://example.org", "example.com"));
  CHECK_FALSE(same_origin("http://example.org:8080", "example.org"));
  CHECK_FALSE(same_origin("http://example.org", "example.org:443"));
  CHECK_FALSE(same_origin("https://example.org", "example.org:80"));
  CHECK_FALSE(same_origin("http://example.org.evil", "example.org"));
  CHECK_FALSE(same_origin("http://evil.example.org", "example.org"));
  CHECK_FALSE(same_origin("http://example.org/", "example.org"));
  CHECK_FALSE(same_origin("http://user@example.org", "example.org"));
  CHECK_FALSE(same_origin("ftp://example.org", "example.org"));
  CHECK_FALSE(same_origin("file://", ""));
  CHECK_FALSE(same_origin("null", "null"));
  CHECK_FALSE(same_origin("", ""));
  CHECK_FALSE(same_origin("http://", ""));
}

TEST_CASE("an allow-list has whole origins", "[origin]") {
  auto allowed = patterns({"https://a.example", "https://b.example"});
  auto from = [&](std::string_view origin) {
    return origin_allowed(
      head_of("GET", "/ws", {{"Host", "c.example"}, {"Origin", origin}}),
      allowed);
  };
  CHECK(from("https://a.example"));
  CHECK(from("https://b.example"));
  CHECK_FALSE(from("https://A.example"));
  CHECK_FALSE(from("http://a.example"));
  CHECK_FALSE(from("https://a.example:443"));
  CHECK_FALSE(from("https://c.example"));
  CHECK_FALSE(from(""));
  allowed.push_back(*origin_pattern::parse("*"));
  CHECK(from("https://any.example"));
}

TEST_CASE("a request without an origin is let in, with two it is not",
          "[origin]") {
  CHECK(origin_allowed(head_of("GET", "/ws", {{"Host", "h"}}), {}));
  CHECK(
    origin_allowed(head_of("GET", "/ws", {}), patterns({"https://a.example"})));
  CHECK_FALSE(origin_allowed(
    head_of("GET", "/ws",
            {{"Host", "h"}, {"Origin", "http://h"}, {"Origin", "http://h"}}),
    {}));
  CHECK_FALSE(
    origin_allowed(head_of("GET", "/ws", {{"Origin", "http://h"}}), {}));
}

TEST_CASE("an allowed origin is normalised", "[origin]") {
  auto matches = [](std::string_view pattern, std::string_view origin) {
    INFO(pattern);
    auto parsed = origin_pattern::parse(pattern);
    REQUIRE(parsed);
    return parsed->matches(origin);
  };
  CHECK(matches("HTTPS://Chat.Example", "https://chat.example"));
  CHECK(matches("https://a.example:443", "https://a.example"));
  CHECK(matches("http://a.example:80", "http://a.example"));
  CHECK_FALSE(matches("http://a.example:443", "http://a.example"));
  CHECK(matches("http://a.example:443", "http://a.example:443"));
  CHECK(matches("http://[::1]:8080", "http://[::1]:8080"));
  CHECK(
    matches("https://xn--bcher-kva.example", "https://xn--bcher-kva.example"));
  CHECK(matches("capacitor://localhost", "capacitor://localhost"));
  CHECK(matches("chrome-extension://abcdef", "chrome-extension://abcdef"));
}

TEST_CASE("one label or the port of an allowed origin may be any", "[origin]") {
  auto sub = *origin_pattern::parse("https://*.a.example");
  CHECK(sub.matches("https://x.a.example"));
  for (auto origin :
       {"https://a.example", "https://x.y.a.example", "https://.a.example",
        "https://xa.example", "http://x.a.example", "https://x.a.example:8443",
        "https://x.a.example.evil", "null"})
    CHECK_FALSE(sub.matches(origin));
  auto any_port = *origin_pattern::parse("http://localhost:*");
  CHECK(any_port.matches("http://localhost"));
  CHECK(any_port.matches("http://localhost:5173"));
  for (auto origin : {"https://localhost:5173", "http://localhost.evil:80",
                      "http://localhost:", "http://localhost:80@evil"})
    CHECK_FALSE(any_port.matches(origin));
  CHECK(origin_pattern::parse("http://*.a.example:*")
          ->matches("http://x.a.example:1"));
  CHECK(origin_pattern::parse("http://[::1]:*")->matches("http://[::1]:1"));
}

TEST_CASE("an allowed origin that no page can have is refused", "[origin]") {
  for (auto text : {"",
                    "a.example",
                    "https://",
                    "https:///",
                    "https://a.example/",
                    "https://a.example/x",
                    "https://a.example?x",
                    "https://a.example#",
                    "https://user@a.example",
                    "https://a b",
                    "https://b\xC3\xBC.example",
                    "https://*",
                    "https://*:*",
                    "https://*.*.example",
                    "https://a.*.example",
                    "https://x*.example",
                    "https://*.",
                    "https://*.[::1]",
                    "**",
                    "https://a.example:0",
                    "https://a.example:65536",
                    "https://a.example:080",
                    "https://a.example:",
                    "https://a.example:8*",
                    "https://a.example:8080:*",
                    "https://a..example",
                    "https://.example",
                    "https://a.example.",
                    "wss://a.example",
                    "file://a",
                    "null",
                    "://a.example",
                    "1http://a",
                    "https://[::1",
                    "https://[]",
                    "https://[x]",
                    "*,https://a.example",
                    "https://%61.example"}) {
    INFO(text);
    CHECK_FALSE(origin_pattern::parse(text));
  }
}
