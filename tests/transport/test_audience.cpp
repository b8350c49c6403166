// SPDX-License-Identifier: MIT
#include "tests/support/catch.hpp"
#include "transport/audience.hpp"

#include <initializer_list>
#include <string_view>

using namespace parlor::transport;

namespace {

bool all_served(audience whom, std::initializer_list<std::string_view> paths) {
  auto result = true;
  for (auto path : paths) {
    CAPTURE(path);
    CHECK(serves(whom, path));
    result = result && serves(whom, path);
  }
  return result;
}

bool none_served(audience whom, std::initializer_list<std::string_view> paths) {
  auto result = true;
  for (auto path : paths) {
    CAPTURE(path);
    CHECK_FALSE(serves(whom, path));
    result = result && !serves(whom, path);
  }
  return result;
}

} // namespace

TEST_CASE("a port for everybody serves every path", "[audience]") {
  CHECK(all_served(audience::everybody,
                   {"/", "/ws/ada", "/admin", "/api/v1/send", "/metrics",
                    "/debug/live", "/inspect", "/health/live", "/nothing"}));
}

TEST_CASE("a port for clients has nothing of administrators", "[audience]") {
  CHECK(all_served(audience::clients,
                   {"/", "/ws", "/ws/admin", "/chat/ada?room=metrics",
                    "/health/ready", "/parlor.js", "/web/page.css",
                    "/administrators", "/apis"}));
  CHECK(none_served(audience::clients,
                    {"/admin", "/admin/", "/admin?x", "/admin/stats",
                     "/%61dmin/stats", "/api/v1/publish", "/metrics",
                     "/metrics?x", "/debug", "/debug/live", "/inspect",
                     "/inspect/", "/web/admin/app.js", "/web/inspect/app.js"}));
}

TEST_CASE("a port for administrators has nothing of clients", "[audience]") {
  CHECK(all_served(audience::administrators,
                   {"/admin", "/admin/stats", "/api/v1/publish", "/metrics",
                    "/debug/live", "/inspect", "/health/live", "/health/ready",
                    "/web/page.css", "/web/admin/app.js"}));
  CHECK(none_served(audience::administrators,
                    {"/", "/ws", "/ws/ada", "/chat/ada", "/echo", "/parlor.js",
                     "/web", "/openapi.yaml"}));
}

TEST_CASE("what is no path is refused as that on every port", "[audience]") {
  CHECK(serves(audience::clients, "*"));
  CHECK(serves(audience::administrators, "*"));
  CHECK(serves(audience::administrators, "/%zz"));
}
