// SPDX-License-Identifier: MIT
#include "messages/wire/inspection.hpp"

#include "tests/support/catch.hpp"

#include <nlohmann/json.hpp>

#include <string>
#include <variant>

using namespace parlor;
using namespace parlor::wire;
using namespace std::chrono_literals;
using nlohmann::json;

namespace {

constexpr event::timestamp noon{1'000'000'000'123ms};

actor_summary some_room() {
  return {17, "room", "tea \"&\" milk", 1, 2, 3, 1500ns};
}

json parsed(const std::string& text) {
  return json::parse(text);
}

view_query decoded(std::string_view text) {
  return std::get<view_query>(decode_view(text, 32));
}

std::string complaint(std::string_view text) {
  auto result = decode_view(text, 32);
  auto* bad = std::get_if<bad_body>(&result);
  return bad != nullptr ? bad->detail : "";
}

} // namespace

TEST_CASE("a page of actors as JSON", "[inspection]") {
  actors_page page;
  page.total = 9;
  page.actors = {some_room()};
  page.more = true;
  CHECK(parsed(render(page, {})) == json::parse(R"({"total":9,"complete":true,
    "order":"id","next":17,"actors":[{"id":17,"kind":"room",
    "title":"tea \"&\" milk","thread":1,"mailbox":2,"handled":3,
    "busy_us":1.5}]})"));
  actors_query busiest;
  busiest.order = actors_order::busy;
  CHECK(parsed(render(page, busiest))["next"].is_null());
  page.more = false;
  CHECK(parsed(render(page, {}))["next"].is_null());
  CHECK(parsed(render(actors_page{}, {}))["actors"].empty());
}

TEST_CASE("an actor with its state and messages as JSON", "[inspection]") {
  actor_detail detail;
  detail.trace.summary = some_room();
  detail.trace.messages = {{noon, "join", 5, "directory", 2us},
                           {noon, "atom tick", 0, "", 3us}};
  report state{"room", 17};
  state.text("room", "te\na")
    .number("seq", 5)
    .flag("failed", false)
    .list("some", {"a", "b\""})
    .link(relation::monitors, "connection", 5)
    .link(relation::owns, "lane", 6);
  detail.state = state;
  detail.linked_from = {{relation::owns, "directory", 4}};
  auto shown = parsed(render(detail));
  CHECK(shown["state"] == json::parse(R"({"room":"te\na","seq":5,
    "failed":false,"some":["a","b\""]})"));
  CHECK(shown["linked"] == 2);
  CHECK(shown["links"] == json::parse(R"([
    {"relation":"monitors","to":5,"kind":"connection"},
    {"relation":"owns","to":6,"kind":"lane"}])"));
  CHECK(shown["linked_from"]
        == json::parse(R"([{"relation":"owns","from":4,"kind":"directory"}])"));
  CHECK(shown["messages"] == json::parse(R"([
    {"at":"2001-09-09T01:46:40.123Z","message":"join",
     "sender":{"id":5,"kind":"directory"},"took_us":2.0},
    {"at":"2001-09-09T01:46:40.123Z","message":"atom tick","sender":null,
     "took_us":3.0}])"));
  detail.state = std::nullopt;
  CHECK(parsed(render(detail))["state"].is_null());
  CHECK(parsed(render_gone(17)) == json::parse(R"({"id":17,"gone":true})"));
}

TEST_CASE("the picture as JSON", "[inspection]") {
  picture all{noon, "n\xFF", "1.2", {}};
  all.threads.resize(2);
  all.threads[0].thread = 0;
  all.threads[0].wakes = 4;
  all.threads[0].kinds = {{"room", 1, 2, 3, 4us}};
  all.threads[0].flows = {{"", "room", false, 7}};
  all.threads[1].silent = true;
  CHECK(parsed(render(all)) == json::parse(R"({"at":"2001-09-09T01:46:40.123Z",
    "node":"nÿ","version":"1.2","threads":[{"thread":0,"silent":false,
    "wakes":4,"kinds":[{"kind":"room","actors":1,"mailbox":2,"handled":3,
    "busy_us":4.0}],"flows":[{"from":"","to":"room","local":false,
    "messages":7}]},{"thread":null,"silent":true,"wakes":0,"kinds":[],
    "flows":[]}]})"));
}

TEST_CASE("an update has what is in view and nothing else", "[inspection]") {
  CHECK(render_update({}) == R"({"type":"update","serial":0})");
  CHECK(render_update({3, "{}", "[1]", "2"})
        == R"({"type":"update","serial":3,"picture":{},"list":[1],"actor":2})");
  CHECK(render_view_error("a \"b\"")
        == R"({"type":"error","message":"a \"b\""})");
}

TEST_CASE("a view says what is in it", "[inspection]") {
  auto nothing = decoded("{}");
  CHECK_FALSE(nothing.picture);
  CHECK_FALSE(nothing.list);
  CHECK(nothing.actor == 0);
  auto all = decoded(
    R"({"picture":true,"actor":17,"serial":5,"list":{"kind":"room",
    "search":"te","thread":1,"order":"busy","after":3,"limit":7}})");
  CHECK(all.picture);
  CHECK(all.actor == 17);
  CHECK(all.serial == 5);
  REQUIRE(all.list);
  CHECK(all.list->kind == "room");
  CHECK(all.list->search == "te");
  CHECK(all.list->thread == 1);
  CHECK(all.list->order == actors_order::busy);
  CHECK(all.list->after == 3);
  CHECK(all.list->limit == 7);
  auto plain = decoded(R"({"list":{}})").list;
  REQUIRE(plain);
  CHECK_FALSE(plain->thread);
  CHECK(plain->limit == default_page);
}

TEST_CASE("a view asks for no more than a page may have", "[inspection]") {
  CHECK(decoded(R"({"list":{"limit":99999999999999999999}})").list->limit
        == max_page);
  CHECK(decoded(R"({"list":{"limit":0}})").list->limit == 1);
  CHECK(decoded(R"({"list":{"thread":99999999999}})").list->thread
        == UINT32_MAX);
}

TEST_CASE("what is no view is complained of", "[inspection]") {
  for (auto text :
       {"", "[]", "1", "{", "{}x", "\xFF", "null", "{\"a\":\"\xFF\"}"})
    CHECK(complaint(text) == "a view is a JSON object");
  CHECK(complaint(R"({"picture":1})") == "picture must be true or false");
  CHECK(complaint(R"({"actor":"x"})") == "actor must be an integer from 0 on");
  CHECK(complaint(R"({"actor":-1})") == "actor must be an integer from 0 on");
  CHECK(complaint(R"({"list":[]})") == "list must be an object");
  CHECK(complaint(R"({"list":{"kind":1}})") == "list.kind must be a string");
  CHECK(complaint(R"({"list":{"order":"size"}})")
        == "list.order must be id, mailbox, busy or handled");
  CHECK(complaint(R"({"list":{"thread":"a"}})")
        == "list.thread must be an integer from 0 on");
  std::string deep(40, '[');
  CHECK(complaint("{\"list\":" + deep + "}") == "a view is a JSON object");
}

TEST_CASE("a report tells so many links, and the one that is asked for",
          "[inspection]") {
  report all{"registry", 1, 500};
  for (uint64_t id = 2; id < 1000; ++id)
    all.link(relation::monitors, "connection", id);
  all.link(relation::knows, "lane", 0);
  CHECK(all.linked == 998);
  REQUIRE(all.links.size() == report::most_links + 1);
  CHECK(all.links.back().actor == 500);
}
