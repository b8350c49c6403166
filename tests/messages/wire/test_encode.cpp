// SPDX-License-Identifier: MIT
#include "messages/wire/encode.hpp"

#include "tests/support/catch.hpp"

#include <nlohmann/json.hpp>

#include <chrono>
#include <string>

using namespace parlor;
using namespace std::chrono_literals;
using wire::encode;

namespace {

const room_name tea{"tea"};
const user_id ann{"ann"};
const user_id bob{"bob"};
const epoch opening{0xAB, 1};
const request_id number{"7"};

const std::chrono::sys_days midnight{std::chrono::year{2026} / 11 / 21};
const event::timestamp early = midnight + 1h + 2min + 3s + 4ms;

const event::roster two{2, std::make_shared<const event::raw_json>(
                             wire::list_of_users({{ann, 1}, {bob, 2}}))};
const event::roster many{1234, nullptr};

template <class Event>
std::string encoded(const Event& x, dialect to) {
  auto result = encode(x, to);
  std::string text{result.text()};
  // What parses and is written again alike has the right order and no more.
  if (to != dialect::text && !result.empty())
    CHECK(nlohmann::ordered_json::parse(text).dump() == text);
  return text;
}

template <class Event>
std::string typed(const Event& x) {
  return encoded(x, dialect::typed);
}

template <class Event>
std::string action(const Event& x) {
  return encoded(x, dialect::action);
}

template <class Event>
std::string text(const Event& x) {
  return encoded(x, dialect::text);
}

/// The one form of both JSON dialects, of an event that text says nothing of.
template <class Event>
std::string json_only(const Event& x) {
  CHECK(encode(x, dialect::text).empty());
  CHECK(typed(x) == action(x));
  return typed(x);
}

event::chat chat_of(std::string content) {
  return {tea, ann, std::move(content), early, 17};
}

} // namespace

TEST_CASE("chat is encoded in each dialect") {
  auto x = chat_of(R"("hi")");
  CHECK(typed(x)
        == R"({"type":"chat","room":"tea","content":"hi","sender":"ann",)"
           R"("timestamp":"2026-11-21T01:02:03.004Z","seq":17})");
  CHECK(action(x)
        == R"({"type":"message","user_id":"ann","room":"tea","content":"hi",)"
           R"("timestamp":"2026-11-21T01:02:03.004Z","seq":17})");
  CHECK(text(x) == "ann: hi");
}

TEST_CASE("a private message is encoded in each dialect") {
  event::private_message x{bob, ann, R"("psst")", early};
  CHECK(typed(x)
        == R"({"type":"private","to":"bob","content":"psst","sender":"ann",)"
           R"("timestamp":"2026-11-21T01:02:03.004Z"})");
  CHECK(action(x)
        == R"({"type":"private","to":"bob","content":"psst","user_id":"ann",)"
           R"("timestamp":"2026-11-21T01:02:03.004Z"})");
  CHECK(text(x) == "[Private from ann]: psst");
}

TEST_CASE("joined is encoded in each dialect") {
  event::joined x{tea, bob, two, 3};
  CHECK(typed(x)
        == R"({"type":"user_joined","user_id":"bob","room":"tea",)"
           R"("members":["ann","bob"],"seq":3})");
  CHECK(action(x) == typed(x));
  CHECK(text(x) == "bob joined tea");
  x.members = many;
  CHECK(typed(x)
        == R"({"type":"user_joined","user_id":"bob","room":"tea",)"
           R"("member_count":1234,"seq":3})");
  x.members = std::nullopt;
  CHECK(typed(x)
        == R"({"type":"user_joined","user_id":"bob","room":"tea","seq":3})");
}

TEST_CASE("left is encoded in each dialect") {
  event::left x{tea, bob, departure::node_down, 4};
  CHECK(typed(x)
        == R"({"type":"user_left","user_id":"bob","room":"tea",)"
           R"("reason":"node_down","seq":4})");
  CHECK(action(x) == typed(x));
  CHECK(text(x) == "bob left tea");
}

TEST_CASE("who leaves the lobby by a disconnect left the chat") {
  event::left x{room_name{"lobby"}, bob, departure::left, 4};
  CHECK(text(x) == "bob left lobby");
  for (auto reason : {departure::closed, departure::timeout, departure::kicked,
                      departure::node_down}) {
    x.reason = reason;
    CHECK(text(x) == "bob left the chat");
  }
}

TEST_CASE("a system notice is encoded in each dialect") {
  event::system_notice x{R"("down at 5")", early};
  CHECK(typed(x)
        == R"({"type":"system","content":"down at 5",)"
           R"("timestamp":"2026-11-21T01:02:03.004Z"})");
  CHECK(action(x) == typed(x));
  CHECK(text(x) == "down at 5");
}

TEST_CASE("connected says who, where and the limits") {
  event::connected x{ann,
                     wire::list_of({tea, room_name{"milk"}}),
                     connection_id{1, 2, 3},
                     "n1",
                     15s,
                     65536,
                     128,
                     50,
                     100,
                     32};
  CHECK(json_only(x)
        == R"({"type":"connected","user_id":"ann","rooms":["tea","milk"],)"
           R"("connection":"0100000200000003","node":"n1","ping_ms":15000,)"
           R"("limits":{"message_bytes":65536,"rooms_per_connection":128,)"
           R"("messages_per_second":50,"message_burst":100,)"
           R"("json_depth":32}})");
  x.rooms = wire::list_of({});
  CHECK(json_only(x).find(R"("rooms":[],)") != std::string::npos);
}

TEST_CASE("skip and members_count are JSON alone") {
  CHECK(json_only(event::skip{tea, 5})
        == R"({"type":"skip","room":"tea","seq":5})");
  CHECK(json_only(event::members_count{tea, 1001})
        == R"({"type":"members_count","room":"tea","count":1001})");
}

TEST_CASE("closing says whether and when to come back") {
  CHECK(json_only(event::closing{close_code::replaced, "Too many connections",
                                 std::nullopt})
        == R"({"type":"closing","code":4000,"reason":"Too many connections",)"
           R"("reconnect":false})");
  CHECK(json_only(event::closing{close_code::service_restart, "drain", 2s})
        == R"({"type":"closing","code":1012,"reason":"drain",)"
           R"("reconnect":true,"retry_after_ms":2000})");
  for (auto reason : {"Server at capacity", "Too many connections"})
    CHECK(json_only(event::closing{close_code::at_capacity, reason, {}})
            .ends_with(R"("reconnect":true})"));
}

TEST_CASE("an error says what, and whether to try again") {
  event::error x{ec::bad_request, "room is missing", {}, {}};
  CHECK(typed(x)
        == R"({"type":"error","code":"bad_request",)"
           R"("message":"room is missing","retryable":false})");
  CHECK(action(x) == typed(x));
  CHECK(text(x) == "error: room is missing");
  CHECK(typed(event::error{ec::rate_limited, "slow down", number, 20ms})
        == R"({"type":"error","code":"rate_limited","message":"slow down",)"
           R"("id":7,"retryable":true,"retry_after_ms":20})");
  CHECK(typed(event::error{ec::unknown_type,
                           "Unknown message type: \"\x01\\",
                           request_id{R"("q")"},
                           {}})
          .find(R"("message":"Unknown message type: \"\u0001\\","id":)")
        != std::string::npos);
}

TEST_CASE("pong has the id of its ping") {
  CHECK(json_only(event::pong{}) == R"({"type":"pong"})");
  CHECK(json_only(event::pong{request_id{R"("x")"}})
        == R"({"type":"pong","id":"x"})");
}

TEST_CASE("replies echo the id as it was sent") {
  request_id raw{R"("\u0061\/")"};
  auto x = encode(event::done_reply{raw, tea}, dialect::typed);
  CHECK(x.text()
        == R"({"type":"reply","id":"\u0061\/","ok":true,"room":"tea"})");
}

TEST_CASE("each request has its reply") {
  CHECK(json_only(event::join_reply{number, tea, opening, 9, two, true, 3})
        == R"({"type":"reply","id":7,"ok":true,"room":"tea","epoch":"ab-1",)"
           R"("seq":9,"members":["ann","bob"],"recovered":true,"replayed":3})");
  CHECK(json_only(event::join_reply{number, tea, opening, 9, many, false, 0})
        == R"({"type":"reply","id":7,"ok":true,"room":"tea","epoch":"ab-1",)"
           R"("seq":9,"member_count":1234,"recovered":false,"replayed":0})");
  CHECK(json_only(event::done_reply{number, tea})
        == R"({"type":"reply","id":7,"ok":true,"room":"tea"})");
  CHECK(json_only(event::publish_reply{number, UINT64_MAX, opening})
        == R"({"type":"reply","id":7,"ok":true,"seq":18446744073709551615,)"
           R"("epoch":"ab-1"})");
  CHECK(json_only(event::private_reply{number, 2})
        == R"({"type":"reply","id":7,"ok":true,"delivered":2})");
  CHECK(json_only(event::members_reply{number, tea, two})
        == R"({"type":"reply","id":7,"ok":true,"room":"tea",)"
           R"("members":["ann","bob"]})");
  CHECK(json_only(event::members_reply{number, tea, many})
        == R"({"type":"reply","id":7,"ok":true,"room":"tea",)"
           R"("member_count":1234})");
  CHECK(json_only(event::rooms_reply{number, {tea}})
        == R"({"type":"reply","id":7,"ok":true,"rooms":["tea"]})");
  CHECK(json_only(event::history_reply{
          number, tea, {frame{R"({"seq":1})"}, frame{R"({"seq":2})"}}})
        == R"({"type":"reply","id":7,"ok":true,"room":"tea",)"
           R"("messages":[{"seq":1},{"seq":2}]})");
  CHECK(json_only(event::history_reply{number, tea, {}})
        == R"({"type":"reply","id":7,"ok":true,"room":"tea","messages":[]})");
}

TEST_CASE("a request without an id has no reply") {
  for (auto to : all_dialects) {
    CHECK(encode(event::join_reply{}, to).empty());
    CHECK(encode(event::done_reply{}, to).empty());
    CHECK(encode(event::publish_reply{}, to).empty());
    CHECK(encode(event::private_reply{}, to).empty());
    CHECK(encode(event::members_reply{}, to).empty());
    CHECK(encode(event::rooms_reply{}, to).empty());
    CHECK(encode(event::history_reply{}, to).empty());
  }
}

TEST_CASE("content is copied through as it was sent") {
  for (auto content : {"18446744073709551615", "1.10", "null",
                       R"({ "a" : [1 , "\u0041"] })", R"("\ud83d\ude00")"})
    for (auto to : {dialect::typed, dialect::action}) {
      auto x = encode(chat_of(content), to);
      CHECK(x.text().find(std::string{R"("content":)"} + content + ",")
            != std::string_view::npos);
    }
}

TEST_CASE("text prints strings unescaped and all else as compact JSON") {
  CHECK(text(chat_of(R"("a\t\"b\" \u00e9\ud83d\ude00")"))
        == "ann: a\t\"b\" é😀");
  CHECK(text(chat_of(R"({ "a" : [1 , "x y", null] })"))
        == R"(ann: {"a":[1,"x y",null]})");
  CHECK(text(chat_of("12")) == "ann: 12");
  CHECK(text(chat_of(R"("")")) == "ann: ");
  CHECK(text(event::private_message{bob, ann, "[ 1 ]", early})
        == "[Private from ann]: [1]");
  CHECK(text(event::system_notice{R"({ "at" : [5, 6] })", early})
        == R"({"at":[5,6]})");
}

TEST_CASE("what the API says has a mark") {
  auto x = chat_of("1");
  x.from_api = true;
  CHECK(typed(x).ends_with(R"("seq":17,"origin":"api"})"));
  CHECK(action(x).ends_with(R"("seq":17,"origin":"api"})"));
  CHECK(text(x) == "ann: 1");
  event::private_message y{bob, ann, "1", early, true};
  CHECK(typed(y).ends_with(R"(004Z","origin":"api"})"));
  CHECK(action(y).ends_with(R"(004Z","origin":"api"})"));
}

TEST_CASE("no value ends a line of text") {
  CHECK(text(chat_of(R"("hi\nbob: I agree")")) == R"(ann: hi\nbob: I agree)");
  CHECK(text(chat_of(R"("hi\r\u2028\u2029\u0085\u000b")"))
        == R"(ann: hi\r\u2028\u2029\u0085\u000b)");
  CHECK(text(chat_of("{\"a\":\"x\u2028y\"}")) == R"(ann: {"a":"x\u2028y"})");
  CHECK(text(event::private_message{bob, ann, R"("a\nb")", early})
        == R"([Private from ann]: a\nb)");
  CHECK(text(event::system_notice{R"("a\r\nb")", early}) == R"(a\r\nb)");
  CHECK(text(event::error{ec::unknown_type, "what: a\nb", {}, {}})
        == R"(error: what: a\nb)");
}

TEST_CASE("no name stands for another part of a line of text") {
  auto x = chat_of("1");
  x.sender = user_id{"[Private from bob]"};
  CHECK(text(x) == R"("[Private from bob]": 1)");
  x.sender = user_id{"error"};
  CHECK(text(x) == R"("error": 1)");
  CHECK(text(event::private_message{bob, user_id{"a]: b"}, "1", early})
        == R"([Private from "a]: b"]: 1)");
  CHECK(text(event::left{tea, user_id{"bob joined x"}, departure::left, 1})
        == R"("bob joined x" left tea)");
  CHECK(text(event::left{room_name{"the chat"}, bob, departure::left, 1})
        == R"(bob left "the chat")");
  CHECK(
    text(event::left{room_name{"lobby"}, user_id{"a: b"}, departure::closed, 1})
    == R"("a: b" left the chat)");
}

TEST_CASE("names are escaped in JSON, and in text where they are not plain") {
  event::joined x{
    room_name{R"(r"\)"}, user_id{R"(a"b)"},
    event::roster{1, std::make_shared<const event::raw_json>(
                       wire::list_of_users({{user_id{R"(a"b)"}, 1}}))},
    1};
  CHECK(typed(x)
        == R"({"type":"user_joined","user_id":"a\"b","room":"r\"\\",)"
           R"("members":["a\"b"],"seq":1})");
  CHECK(text(x) == R"("a\"b" joined "r\"\\")");
}

TEST_CASE("a timestamp is RFC 3339 with milliseconds in UTC") {
  auto at = [](event::timestamp t) {
    auto parsed = nlohmann::json::parse(
      encode(event::system_notice{"1", t}, dialect::typed).text());
    return parsed["timestamp"].get<std::string>();
  };
  using std::chrono::sys_days;
  using std::chrono::year;
  CHECK(at({}) == "1970-01-01T00:00:00.000Z");
  CHECK(at(sys_days{year{2024} / 2 / 29} + 23h + 59min + 59s + 999ms + 999us)
        == "2024-02-29T23:59:59.999Z");
  CHECK(at(sys_days{year{1999} / 12 / 31}) == "1999-12-31T00:00:00.000Z");
  CHECK(at(event::timestamp{} - 1ms) == "1969-12-31T23:59:59.999Z");
}

TEST_CASE("an event is encoded only for the dialects in use") {
  auto one = encode(chat_of("1"), dialect_set{dialect::action});
  CHECK(one[dialect::typed].empty());
  CHECK(!one[dialect::action].empty());
  CHECK(one[dialect::text].empty());
  auto all = encode(chat_of("1"), dialect_set::all());
  for (auto to : all_dialects)
    CHECK(all[to] == encode(chat_of("1"), to));
}

TEST_CASE("a long message leaves nothing behind in the next one") {
  auto content = '"' + std::string(2000000, 'x') + '"';
  CHECK(text(chat_of(content)).size() == 2000005);
  CHECK(text(chat_of(R"("hi")")) == "ann: hi");
}
