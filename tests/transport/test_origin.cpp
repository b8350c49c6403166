// SPDX-License-Identifier: MIT
#include "transport/origin.hpp"

#include "tests/support/catch.hpp"
#include "tests/transport/head_of.hpp"

using namespace parlor::test;
using namespace parlor::transport;

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

TEST_CASE("an allow-list is compared exactly", "[origin]") {
  std::vector<std::string> allowed{"https://a.example", "https://b.example"};
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
  allowed.push_back("*");
  CHECK(from("https://any.example"));
}

TEST_CASE("a request without an origin is let in, with two it is not",
          "[origin]") {
  CHECK(origin_allowed(head_of("GET", "/ws", {{"Host", "h"}}), {}));
  CHECK(origin_allowed(head_of("GET", "/ws", {}), {"https://a.example"}));
  CHECK_FALSE(origin_allowed(
    head_of("GET", "/ws",
            {{"Host", "h"}, {"Origin", "http://h"}, {"Origin", "http://h"}}),
    {}));
  CHECK_FALSE(
    origin_allowed(head_of("GET", "/ws", {{"Origin", "http://h"}}), {}));
}
