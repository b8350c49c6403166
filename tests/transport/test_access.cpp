// SPDX-License-Identifier: MIT
#include "transport/access.hpp"

#include "tests/support/catch.hpp"
#include "tests/transport/head_of.hpp"

using namespace parlor::test;
using namespace parlor::transport;

namespace {

/// The status of the refusal; 0 where the caller is let in.
unsigned status(std::initializer_list<header> headers, bool loopback = true,
                std::string_view token = "") {
  auto no = judge_access(head_of("GET", "/admin/stats", headers), loopback,
                         token);
  return no ? no->status : 0;
}

} // namespace

TEST_CASE("what is for administrators is guarded", "[access]") {
  for (auto target : {"/admin", "/admin/stats", "/api/v1/send", "/debug/actors",
                      "/%61dmin/stats", "/admin?x=y", "/admin/", "/metrics"})
    CHECK(is_guarded(target));
  for (auto target : {"/", "/health/live", "/adminx", "/ws/admin", "", "*"})
    CHECK_FALSE(is_guarded(target));
}

TEST_CASE("without a token callers of this machine are let in", "[access]") {
  for (auto host : {"localhost", "localhost:8080", "LOCALHOST", "127.0.0.1",
                    "127.1.2.3:80", "[::1]", "[::1]:8080"})
    CHECK(status({{"Host", host}}) == 0);
  CHECK(status({{"Host", "localhost"}}, false) == 403);
}

TEST_CASE("another Host is a rebound name", "[access]") {
  for (auto host : {"example.org", "localhost.example.org", "127.0.0.1.nip.io",
                    "10.0.0.1", "[::2]", "::1", "", "localhost:x", "127.0.0",
                    "127.0.0.1.2", "127.", "1270.0.0.1", "[::1", "localhost:"})
    CHECK(status({{"Host", host}}) == 403);
  CHECK(status({}) == 403);
  CHECK(status({{"Host", "localhost"}, {"Host", "localhost"}}) == 403);
}

TEST_CASE("a page has to call this machine by a name of its own", "[access]") {
  auto status = [](std::initializer_list<header> headers,
                   bool loopback = true) {
    auto no = judge_page_host(head_of("GET", "/ws", headers), loopback);
    return no ? no->status : 0;
  };
  header page{"Origin", "http://evil.example:8080"};
  header rebound{"Host", "evil.example:8080"};
  CHECK(status({rebound, page}) == 403);
  CHECK(status({page}) == 403);
  CHECK(status({{"Host", "localhost.evil.example"}, page}) == 403);
  CHECK(status({{"Host", "localhost:8080"}, page}) == 0);
  // No page; from elsewhere; behind a proxy, which has a name of its own.
  CHECK(status({rebound}) == 0);
  CHECK(status({rebound, page}, false) == 0);
  CHECK(status({rebound, page, {"X-Forwarded-For", "192.0.2.1"}}) == 0);
}

TEST_CASE("what came through a proxy is not of this machine", "[access]") {
  for (auto name :
       {"Forwarded", "forwarded", "X-Forwarded-For", "x-forwarded-host",
        "X-Forwarded-Proto", "X-FORWARDED-X", "X-Forwarded", "Via", "X-Real-IP",
        "x-real-ip", "CF-Connecting-IP", "True-Client-IP", "X-Client-IP",
        "X-Cluster-Client-IP", "X-Original-Forwarded-For", "X-Envoy-Peer",
        "Fastly-Client-IP", "CDN-Loop", "X-Amzn-Trace-Id"})
    CHECK(status({{"Host", "localhost"}, {name, "x"}}) == 403);
}

TEST_CASE("foreign web pages are not let in", "[access]") {
  auto from = [](std::string_view origin) {
    return status({{"Host", "localhost:8080"}, {"Origin", origin}});
  };
  CHECK(from("http://localhost:8080") == 0);
  CHECK(from("http://localhost") == 403);
  CHECK(from("http://evil.example") == 403);
  CHECK(from("null") == 403);
}

TEST_CASE("where a token is set it alone counts", "[access]") {
  auto with = [](std::initializer_list<header> headers, bool loopback) {
    return status(headers, loopback, "s3cret");
  };
  CHECK(with({{"Authorization", "Bearer s3cret"}}, false) == 0);
  CHECK(with({{"authorization", "bearer s3cret"}}, false) == 0);
  CHECK(with({{"Authorization", "Bearer s3cret"}, {"Forwarded", "x"}}, true)
        == 0);
  for (auto value : {"Bearer s3cre", "Bearer s3crets", "Bearer ", "Bearer",
                     "s3cret", "Basic s3cret", "Bearer S3cret", "",
                     "Bearer s3crets3cret", "Bearer s3cret, Bearer s3cret"})
    CHECK(with({{"Host", "localhost"}, {"Authorization", value}}, true) == 401);
  CHECK(with({{"Host", "localhost"}}, true) == 401);
  CHECK(
    with({{"Authorization", "Bearer s3cret"}, {"Authorization", "Bearer x"}},
         true)
    == 401);
}

TEST_CASE("the operator's page is open where it has a token to ask for",
          "[access]") {
  auto status = [](std::string_view target, bool loopback,
                   std::string_view token) {
    auto no = judge_page_access(head_of("GET", target, {{"Host", "localhost"}}),
                                loopback, token);
    return no ? no->status : 0;
  };
  for (auto target : {"/admin", "/admin/", "/admin/?x=y"}) {
    CHECK(status(target, true, "") == 0);
    CHECK(status(target, false, "") == 403);
    CHECK(status(target, false, "s3cret") == 0);
  }
  for (auto target : {"/", "/web/admin/app.js", "/openapi.yaml"})
    CHECK(status(target, false, "") == 0);
}

TEST_CASE("who is turned away without a token is told the scheme", "[access]") {
  auto no = judge_access(head_of("GET", "/admin/stats", {}), true, "s3cret");
  REQUIRE(no);
  REQUIRE(no->headers.size() == 1);
  CHECK(no->headers[0].first == "WWW-Authenticate");
  CHECK(no->headers[0].second.starts_with("Bearer"));
}

namespace {

/// The status of the refusal of the inspector's; 0 where the caller is let in.
unsigned inspection_status(std::initializer_list<header> headers,
                           bool loopback = true, std::string_view token = "",
                           std::string_view target = "/debug/live") {
  auto no = judge_inspection_access(head_of("GET", target, headers), loopback,
                                    token);
  return no ? no->status : 0;
}

} // namespace

TEST_CASE("the inspector is for this machine alone, token or not", "[access]") {
  for (std::string_view token : {"", "0123456789abcdef"}) {
    CHECK(inspection_status({{"Host", "localhost"}}, false, token) == 403);
    CHECK(inspection_status({{"Host", "example.org"},
                             {"Authorization", "Bearer 0123456789abcdef"}},
                            true, token)
          == 403);
    CHECK(inspection_status({{"Host", "localhost"},
                             {"X-Forwarded-For", "127.0.0.1"},
                             {"Authorization", "Bearer 0123456789abcdef"}},
                            true, token)
          == 403);
    CHECK(
      inspection_status(
        {{"Host", "localhost"}, {"Origin", "https://example.org"}}, true, token)
      == 403);
  }
  CHECK(inspection_status({{"Host", "localhost"}}) == 0);
}

TEST_CASE("a token opens the inspector in a header or as a subprotocol",
          "[access]") {
  constexpr std::string_view token = "0123456789abc=/+";
  auto with = [&](std::string_view name, std::string_view value) {
    return inspection_status({{"Host", "localhost"}, {name, value}}, true,
                             token);
  };
  CHECK(inspection_status({{"Host", "localhost"}}, true, token) == 401);
  CHECK(with("Authorization", "Bearer 0123456789abc=/+") == 0);
  CHECK(with("Authorization", "Bearer 0123456789abc=/-") == 401);
  CHECK(with("Sec-WebSocket-Protocol",
             "parlor.typed.v1, bearer.0123456789abc%3D%2F%2B")
        == 0);
  for (auto bad : {"bearer.", "bearer.0123456789abc%3D%2F", "bearer.%zz",
                   "parlor.typed.v1", "0123456789abc%3D%2F%2B"})
    CHECK(with("Sec-WebSocket-Protocol", bad) == 401);
  // The page itself holds nothing secret.
  CHECK(inspection_status({{"Host", "localhost"}}, true, token, "/inspect")
        == 0);
}

TEST_CASE("what the inspector answers is below /debug", "[access]") {
  for (auto target :
       {"/debug", "/debug/", "/debug/actors?x=y", "/%64ebug/live"})
    CHECK(is_inspection(target));
  for (auto target : {"/", "/debugger", "/inspect", "/x/debug", "", "*"})
    CHECK_FALSE(is_inspection(target));
}
