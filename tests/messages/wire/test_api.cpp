// SPDX-License-Identifier: MIT
#include "messages/wire/api.hpp"

#include "tests/support/catch.hpp"

#include <nlohmann/json.hpp>

#include <limits>
#include <string>

using namespace parlor;
using namespace parlor::wire;

namespace {

const user_id ann{"ann"};
const user_id bob{"bob"};
const room_name tea{"tea"};
const room_name milk{"milk"};

connection_report some_connection() {
  return {connection_id{1, 2, 3},
          ann,
          {tea, milk},
          1795222923.004,
          "127.0.0.1",
          "c/1",
          1431,
          4096};
}

constexpr auto some_connection_json
  = R"({"id":"0100000200000003","user_id":"ann","rooms":["tea","milk"],)"
    R"("connected_at":1795222923.004,"ip":"127.0.0.1","client":"c/1",)"
    R"("rtt_ms":1.431,"outbox_bytes":4096,"node":"n1"})";

overview some_overview() {
  overview result;
  result.rooms = {{tea, {ann, bob}, 3, 17, {}}, {milk, {ann}, 1, 2, {}}};
  result.totals = {3, 2, 1000};
  result.node = "n1";
  return result;
}

nlohmann::json parsed(const std::string& text) {
  return nlohmann::json::parse(text);
}

} // namespace

TEST_CASE("the overview has the seed's three indexes, by room name") {
  CHECK(render(some_overview())
        == R"({"rooms":["milk","tea"],"total":3,)"
           R"("users_per_room":{"milk":["ann"],"tea":["ann","bob"]},)"
           R"("connections_per_room":{"milk":1,"tea":3},"unique_users":2,)"
           R"("nodes":[{"id":"n1","status":"up","connections":3}]})");
}

TEST_CASE("the overview of an empty node is whole") {
  overview x;
  x.node = "n1";
  x.complete = false;
  CHECK(render(x)
        == R"({"rooms":[],"total":0,"users_per_room":{},)"
           R"("connections_per_room":{},"unique_users":0,)"
           R"("nodes":[{"id":"n1","status":"incomplete","connections":0}]})");
}

TEST_CASE("the overview has connections, by id, where they are asked for") {
  auto x = some_overview();
  auto first = some_connection();
  first.id = connection_id{0, 0, 9};
  x.connections = {some_connection(), first};
  auto text = render(x);
  CHECK(text.find(R"("connections":[{"id":"0000000000000009",)")
        != std::string::npos);
  CHECK(text.ends_with(std::string{","} + some_connection_json + "]}"));
  CHECK(parsed(text)["connections"].size() == 2);
  x.connections->clear();
  CHECK(render(x).ends_with(R"(,"connections":[]})"));
}

TEST_CASE("a round trip is null until it is measured") {
  auto x = some_connection();
  x.round_trip_us = -1;
  auto detail = parsed(render(ann, {x}, "n1"))["connections"][0];
  CHECK(detail["rtt_ms"].is_null());
  x.round_trip_us = 0;
  detail = parsed(render(ann, {x}, "n1"))["connections"][0];
  CHECK(detail["rtt_ms"] == 0.0);
}

TEST_CASE("the statistics are the seed's and the number of rooms") {
  CHECK(render(registry_stats{3, 2, 1000}, 7)
        == R"({"total_connections":3,"unique_users":2,)"
           R"("max_connections":1000,"rooms":7})");
}

TEST_CASE("the list of rooms has numbers, one room has its users") {
  auto rooms = some_overview().rooms;
  CHECK(render(rooms)
        == R"({"rooms":[{"room":"milk","users":1,"connections":1},)"
           R"({"room":"tea","users":2,"connections":3}]})");
  CHECK(render(std::vector<room_report>{}) == R"({"rooms":[]})");
  CHECK(render(room_report{tea, {ann, bob}, 3, 17, {0xAB, 1}})
        == R"({"room":"tea","users":["ann","bob"],"connections":3,)"
           R"("seq":17,"epoch":"ab-1"})");
}

TEST_CASE("the list of users has numbers, one user has its connections") {
  CHECK(render(user_list{{{ann, 2}, {bob, 1}}})
        == R"({"users":[{"user_id":"ann","connections":2},)"
           R"({"user_id":"bob","connections":1}]})");
  CHECK(render(ann, {some_connection()}, "n1")
        == std::string{R"({"user_id":"ann","connections":[)"}
             + some_connection_json + "]}");
  CHECK(render(ann, {}, "n1") == R"({"user_id":"ann","connections":[]})");
}

TEST_CASE("the API's calls have their answers") {
  CHECK(render(post_receipt{17, {0xAB, 1}}) == R"({"seq":17,"epoch":"ab-1"})");
  CHECK(render_delivered(0) == R"({"delivered":0})");
  CHECK(render_disconnected(3) == R"({"disconnected":3})");
  CHECK(render_ok() == R"({"ok":true})");
  CHECK(render_ok({{"a", node_status::up, 3}, {"b", node_status::silent, 0}})
        == R"({"ok":true,"nodes":[{"id":"a","status":"up","connections":3},)"
           R"({"id":"b","status":"silent","connections":0}]})");
  CHECK(render_live() == R"({"status":"live"})");
  CHECK(render_ready(0.25) == R"({"status":"ready","loop_lag_ms":0.250})");
}

TEST_CASE("numbers that JSON does not have are null, and no number too long") {
  using limits = std::numeric_limits<double>;
  CHECK(parsed(render_ready(limits::infinity()))["loop_lag_ms"].is_null());
  CHECK(parsed(render_ready(limits::quiet_NaN()))["loop_lag_ms"].is_null());
  CHECK(parsed(render_ready(limits::max()))["loop_lag_ms"] == 1e18);
  CHECK(parsed(render_ready(limits::lowest()))["loop_lag_ms"] == -1e18);
}

TEST_CASE("a problem has the title of its status") {
  auto x = problem(404, "no user \"bob\"");
  CHECK(x.status == 404);
  CHECK(x.body
        == R"({"type":"about:blank","title":"Not Found","status":404,)"
           R"("detail":"no user \"bob\""})");
  for (unsigned status :
       {400, 401, 403, 405, 408, 413, 415, 429, 431, 500, 501, 503, 504}) {
    auto other = parsed(problem(status, "").body);
    CHECK(other["status"] == status);
    CHECK(other["title"] != "Error");
  }
}

TEST_CASE("whatever a client calls itself is rendered as JSON") {
  auto x = some_connection();
  for (auto client : {"\xFF\xC3\x28 agent", "tab\there", "\"quoted\"\\"}) {
    x.client = client;
    CHECK_NOTHROW(parsed(render(ann, {x}, "n1")));
  }
  x.client = "caf\xE9";
  CHECK(parsed(render(ann, {x}, "n1"))["connections"][0]["client"] == "café");
  CHECK_NOTHROW(parsed(problem(404, "\xC0\x80").body));
}

TEST_CASE("names are escaped where they are keys") {
  overview x;
  x.rooms = {{room_name{R"(a"\)"}, {user_id{R"(u")"}}, 1, 1, {}}};
  auto result = parsed(render(x));
  CHECK(result["users_per_room"][R"(a"\)"][0] == R"(u")");
  CHECK(result["connections_per_room"][R"(a"\)"] == 1);
}
