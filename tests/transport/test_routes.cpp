// SPDX-License-Identifier: MIT
#include "transport/routes.hpp"

#include "tests/support/catch.hpp"

#include <string>

using namespace parlor;
using namespace parlor::transport;

namespace {

api_request served(std::string_view method, std::string_view target) {
  CAPTURE(method, target);
  auto result = route(method, target);
  REQUIRE(std::holds_alternative<api_request>(result));
  return std::get<api_request>(result);
}

refusal refused(std::string_view method, std::string_view target) {
  CAPTURE(method, target);
  auto result = route(method, target);
  REQUIRE(std::holds_alternative<refusal>(result));
  return std::get<refusal>(result);
}

std::string allowed(std::string_view method, std::string_view target) {
  auto no = refused(method, target);
  CHECK(no.status == 405);
  REQUIRE(no.headers.size() == 1);
  CHECK(no.headers[0].first == "Allow");
  return no.headers[0].second;
}

} // namespace

TEST_CASE("every route of the API leads to its call", "[routes]") {
  CHECK(served("GET", "/admin/connections").call == api_call::connections);
  CHECK(served("GET", "/admin/stats").call == api_call::stats);
  CHECK(served("GET", "/admin/rooms").call == api_call::rooms);
  CHECK(served("GET", "/admin/rooms/r").call == api_call::room);
  CHECK(served("GET", "/admin/users").call == api_call::users);
  CHECK(served("GET", "/admin/users/u").call == api_call::user);
  CHECK(served("DELETE", "/admin/users/u").call == api_call::kick_user);
  CHECK(served("DELETE", "/admin/connections/0000000100000001").call
        == api_call::kick_connection);
  CHECK(served("POST", "/api/v1/publish").call == api_call::publish);
  CHECK(served("POST", "/api/v1/send").call == api_call::send);
  CHECK(served("POST", "/api/v1/broadcast").call == api_call::broadcast);
  CHECK(served("POST", "/api/v1/disconnect").call == api_call::disconnect);
  CHECK(served("GET", "/health/live").call == api_call::health_live);
  CHECK(served("GET", "/health/ready").call == api_call::health_ready);
  CHECK(served("GET", "/metrics").call == api_call::metrics);
}

TEST_CASE("HEAD asks what GET does", "[routes]") {
  CHECK(served("HEAD", "/admin/stats").call == api_call::stats);
  CHECK(allowed("HEAD", "/api/v1/send") == "POST");
}

TEST_CASE("another method is told which are allowed", "[routes]") {
  CHECK(allowed("POST", "/admin/stats") == "GET, HEAD");
  CHECK(allowed("PUT", "/admin/users/u") == "GET, HEAD, DELETE");
  CHECK(allowed("GET", "/admin/connections/0000000100000001") == "DELETE");
  CHECK(allowed("get", "/health/live") == "GET, HEAD");
}

TEST_CASE("paths that nobody serves are not found", "[routes]") {
  for (auto path :
       {"/", "/admin", "/admin/", "/admin/stats/", "/api/v1", "/api/v2/send",
        "/admin/rooms/a/b", "/admin/*", "/metrics/x", "//admin/stats",
        "/Admin/stats", "/health/live/x"})
    CHECK(refused("GET", path).status == 404);
}

TEST_CASE("a subject is decoded and must be possible", "[routes]") {
  CHECK(served("GET", "/admin/rooms/a%2Fb%20c").subject == "a/b c");
  CHECK(served("GET", "/admin/users/J%C3%BCrgen").subject == "J\xC3\xBCrgen");
  CHECK(served("GET", "/admin/rooms/*").subject == "*");
  CHECK(refused("GET", "/admin/rooms/").status == 400);
  CHECK(refused("GET", "/admin/rooms/%01").status == 400);
  CHECK(refused("GET", "/admin/rooms/%FF").status == 400);
  CHECK(refused("GET", "/admin/rooms/%").status == 400);
  CHECK(refused("GET", "/admin/rooms/" + std::string(256, 'x')).status == 400);
  CHECK(served("GET", "/admin/rooms/" + std::string(255, 'x')).subject.size()
        == 255);
  CHECK(refused("DELETE", "/admin/connections/nonsense").status == 404);
}

TEST_CASE("a page has a beginning and a size", "[routes]") {
  auto plain = served("GET", "/admin/rooms");
  CHECK(plain.limit == default_page);
  CHECK(plain.after.empty());
  auto page = served("GET", "/admin/rooms?after=r%201&limit=7");
  CHECK(page.limit == 7);
  CHECK(page.after == "r 1");
  CHECK(served("GET", "/admin/rooms?limit=1000").limit == max_page);
  CHECK(served("GET", "/admin/rooms?limit=1").limit == 1);
  for (auto limit :
       {"0", "1001", "-1", "", "x", "1x", " 1", "1.5", "99999999999999999999"})
    CHECK(refused("GET", std::string("/admin/users?limit=") + limit).status
          == 400);
  CHECK(refused("GET", "/admin/users?after=%FF").status == 400);
}

TEST_CASE("the detail of connections is asked for", "[routes]") {
  CHECK(served("GET", "/admin/connections?detail=1").call
        == api_call::connections_detail);
  CHECK(served("GET", "/admin/connections?detail=0").call
        == api_call::connections);
  CHECK(refused("GET", "/admin/connections?detail=yes").status == 400);
  CHECK(
    served("GET", "/admin/connections?detail=1&after=0000000100000001").after
    == "0000000100000001");
  CHECK(served("GET", "/admin/connections?detail=1&after=").after.empty());
  CHECK(refused("GET", "/admin/connections?detail=1&after=x").status == 400);
  CHECK(served("GET", "/admin/rooms?detail=1").call == api_call::rooms);
  CHECK(served("GET", "/admin/stats?unknown=1").call == api_call::stats);
}
