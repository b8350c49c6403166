// SPDX-License-Identifier: MIT
#include "messages/wire/decode.hpp"

#include "tests/support/catch.hpp"

#include <string>
#include <variant>

using namespace parlor;
using namespace parlor::wire;

namespace {

constexpr size_t depth = 32;

decoded typed(std::string_view text) {
  return decode(text, dialect::typed, depth);
}

request accepted(std::string_view text) {
  INFO(text);
  auto result = typed(text);
  if (auto bad = std::get_if<rejection>(&result))
    FAIL(bad->message);
  return std::get<request>(result);
}

template <class Command>
Command command_of(std::string_view text) {
  auto result = accepted(text);
  REQUIRE(std::holds_alternative<Command>(result.what));
  return std::get<Command>(result.what);
}

rejection rejected(std::string_view text) {
  INFO(text);
  auto result = typed(text);
  REQUIRE(std::holds_alternative<rejection>(result));
  return std::get<rejection>(result);
}

/// Whether the frame is a bad request, with a message that has this in it.
bool bad_request(std::string_view text, std::string_view part) {
  auto x = rejected(text);
  INFO(x.message);
  CHECK(x.message.find(part) != std::string::npos);
  return x.code == ec::bad_request;
}

std::string nested(size_t levels) {
  return std::string(levels, '[') + std::string(levels, ']');
}

} // namespace

TEST_CASE("each type of frame becomes its command") {
  auto join = command_of<join_command>(R"({"type":"join","room":"r"})");
  CHECK(join.room.str() == "r");
  auto leave = command_of<leave_command>(R"({"type":"leave","room":"r"})");
  CHECK(leave.room.str() == "r");
  auto query = command_of<members_command>(R"({"type":"members","room":"r"})");
  CHECK(query.room.str() == "r");
  command_of<rooms_command>(R"({"type":"rooms"})");
  command_of<ping_command>(R"({"type":"ping"})");
  auto message = command_of<private_command>(
    R"({"type":"private","to":"bob","content":[1, 2]})");
  CHECK(message.to.str() == "bob");
  CHECK(message.content == "[1, 2]");
}

TEST_CASE("chat and message are the same") {
  for (auto text : {R"({"type":"chat","room":"r","content":"hi"})",
                    R"({"type":"message","room":"r","content":"hi"})"}) {
    auto x = command_of<publish_command>(text);
    CHECK(x.room.str() == "r");
    CHECK(x.content == R"("hi")");
    CHECK(!x.exclude_self);
  }
}

TEST_CASE("type and action are the same key in both JSON dialects") {
  for (auto speaks : {dialect::typed, dialect::action})
    for (auto text : {R"({"type":"ping"})", R"({"action":"ping"})",
                      R"({"action":"ping","type":"ping"})",
                      R"({"action":"\u0070ing","type":"ping"})"}) {
      auto result = decode(text, speaks, depth);
      REQUIRE(std::holds_alternative<request>(result));
      CHECK(
        std::holds_alternative<ping_command>(std::get<request>(result).what));
    }
}

TEST_CASE("type and action that differ are a bad request") {
  CHECK(bad_request(R"({"type":"chat","action":"message","room":"r",)"
                    R"("content":1})",
                    "type and action"));
  CHECK(bad_request(R"({"type":"dance","action":"sing"})", "type and action"));
  CHECK(bad_request(R"({"type":"ping","action":1})", "action"));
  CHECK(bad_request(R"({"type":null,"action":"ping"})", "type"));
}

TEST_CASE("a type has to be there and to be a string") {
  CHECK(bad_request("{}", "type"));
  CHECK(bad_request(R"({"room":"r"})", "type"));
  for (auto value : {"1", "null", "true", "[]", R"(["join"])", "{}"})
    CHECK(bad_request(std::string{R"({"type":)"} + value + "}", "type"));
}

TEST_CASE("a frame that is no object is a bad request") {
  for (auto text : {"1", "null", "[]", R"("join")", R"([{"type":"ping"}])"})
    CHECK(bad_request(text, "object"));
}

TEST_CASE("a frame that is no JSON is bad JSON") {
  for (auto text :
       {"", " ", "hello", "{", R"({"type":"ping"},)",
        R"({"type":"ping","x":01})", R"({'type':'ping'})",
        R"({"type":"ping","x":"\ud800"})", "\xEF\xBB\xBF{\"type\":\"ping\"}"})
    CHECK(rejected(text).code == ec::bad_json);
}

TEST_CASE("a frame that is no JSON has its id, where one could be read") {
  for (auto text : {R"({"id":7,"type":"ping",)", R"({"id":7,"x":"\ud800"})",
                    R"({"id":7})" "}", R"({"id":7,"x":01})", R"({"id":7)"})
    CHECK(rejected(text).id.str() == "7");
  for (auto text : {R"({"x":"\ud800","id":7})", R"({"id":{},"x":01})",
                    R"([{"id":7})", R"({"x":{"id":7})"})
    CHECK(rejected(text).id.str().empty());
  auto deep = [](size_t levels) {
    return R"({"type":"chat","content":)" + nested(levels) + R"(,"id":"a"})";
  };
  CHECK(rejected(deep(32)).id.str() == R"("a")");
  CHECK(rejected(deep(100000)).id.str().empty());
}

TEST_CASE("a frame that nests too deep is bad JSON") {
  auto frame = [](size_t levels) {
    return R"({"type":"chat","room":"r","content":)" + nested(levels) + "}";
  };
  CHECK(command_of<publish_command>(frame(31)).content == nested(31));
  CHECK(rejected(frame(32)).code == ec::bad_json);
  CHECK(rejected(frame(100000)).code == ec::bad_json);
  // In members that nobody reads, too.
  CHECK(rejected(R"({"type":"ping","x":)" + nested(32) + "}").code
        == ec::bad_json);
}

TEST_CASE("an unknown type says the words of the seed") {
  auto x = rejected(R"({"type":"dance","id":1})");
  CHECK(x.code == ec::unknown_type);
  CHECK(x.message == "Unknown message type: dance");
  CHECK(x.id.str() == "1");
  CHECK(rejected(R"({"action":"Join"})").message
        == "Unknown message type: Join");
  CHECK(rejected(R"({"type":""})").message == "Unknown message type: ");
  CHECK(rejected(R"({"type":"a\n\u00e9"})").message
        == "Unknown message type: a\né");
  CHECK(rejected(R"({"type":")" + std::string(60000, 'x') + R"("})").message
        == "Unknown message type: " + std::string(255, 'x'));
}

TEST_CASE("an id is kept as it was sent") {
  for (auto id : {R"("a")", R"("")", R"("\u0061\"")", "0", "7", "-7",
                  "18446744073709551615", "123456789012345678901234567890"}) {
    auto x = accepted(std::string{R"({"type":"ping","id":)"} + id + "}");
    CHECK(x.id.str() == id);
  }
  CHECK(accepted(R"({ "id" : 5 , "type" : "ping" })").id.str() == "5");
  CHECK(accepted(R"({"type":"ping"})").id.empty());
}

TEST_CASE("a wrong id is a bad request without an id") {
  for (auto id : {"1.0", "1e3", "-0.5", "null", "true", "[1]", "{}"})
    for (auto type : {"ping", "dance"}) {
      auto x = rejected(std::string{R"({"type":")"} + type + R"(","id":)" + id
                        + "}");
      CHECK(x.code == ec::bad_request);
      CHECK(x.id.empty());
      CHECK(x.message.find("id") != std::string::npos);
    }
}

TEST_CASE("an id is at most 64 bytes of JSON") {
  auto frame = [](const std::string& id) {
    return R"({"type":"ping","id":)" + id + "}";
  };
  auto digits = std::string(64, '7');
  auto letters = '"' + std::string(62, 'x') + '"';
  CHECK(accepted(frame(digits)).id.str() == digits);
  CHECK(accepted(frame(letters)).id.str() == letters);
  CHECK(bad_request(frame(digits + "7"), "id"));
  CHECK(bad_request(frame('"' + std::string(63, 'x') + '"'), "id"));
}

TEST_CASE("a rejection carries the id where that was right") {
  for (auto text :
       {R"({"id":"q"})", R"({"id":"q","type":1})",
        R"({"id":"q","type":"dance"})", R"({"id":"q","type":"join"})",
        R"({"id":"q","type":"a","action":"b"})"})
    CHECK(rejected(text).id.str() == R"("q")");
}

TEST_CASE("a room has to be a valid name") {
  for (auto type : {"join", "leave", "members", "chat", "message"}) {
    auto head = std::string{R"({"content":1,"type":")"} + type + '"';
    CHECK(bad_request(head + "}", "room is missing"));
    for (auto room : {"1", "null", "[]", R"("")", R"("a\nb")", R"("\u0000")",
                      R"("\u007f")", R"("\u0085")"})
      CHECK(bad_request(head + R"(,"room":)" + room + "}", "room"));
    auto long_name = [&](size_t n) {
      return head + R"(,"room":")" + std::string(n, 'x') + R"("})";
    };
    CHECK(bad_request(long_name(256), "room"));
    accepted(long_name(255));
  }
}

TEST_CASE("a name is what its escapes say") {
  auto room_of = [](std::string_view raw) {
    auto text = R"({"type":"join","room":)" + std::string{raw} + "}";
    return command_of<join_command>(text).room.str();
  };
  CHECK(room_of(R"("\u00e9\ud83d\ude00")") == "é😀");
  CHECK(room_of(R"("a\"\\")") == "a\"\\");
}

TEST_CASE("a message has to have a content") {
  CHECK(bad_request(R"({"type":"chat","room":"r"})", "content is missing"));
  CHECK(bad_request(R"({"type":"private","to":"bob"})", "content is missing"));
}

TEST_CASE("a private message has no key") {
  CHECK(bad_request(R"({"type":"private","to":"b","content":1,"key":"k"})",
                    "key means nothing here"));
}

TEST_CASE("a private message has to have a valid receiver") {
  CHECK(bad_request(R"({"type":"private","content":1})", "to is missing"));
  CHECK(bad_request(R"({"type":"private","content":1,"to":5})", "to"));
  CHECK(bad_request(R"({"type":"private","content":1,"to":""})", "to"));
}

TEST_CASE("any content is kept as it was sent") {
  for (auto content :
       {"null", "true", R"("")", "18446744073709551615", "-9223372036854775808",
        "9007199254740993", "1.10", "1e999", R"({ "a" : [ 1 , "\u0041" ] })",
        R"("\ud83d\ude00")"}) {
    auto text = std::string{R"({"type":"chat","room":"r","content": )"}
                + content + " }";
    CHECK(command_of<publish_command>(text).content == content);
  }
}

TEST_CASE("exclude_self is true or false") {
  auto frame = [](std::string_view value) {
    return R"({"type":"chat","room":"r","content":1,"exclude_self":)"
           + std::string{value} + "}";
  };
  CHECK(command_of<publish_command>(frame("true")).exclude_self);
  CHECK(!command_of<publish_command>(frame("false")).exclude_self);
  for (auto value : {"1", "null", R"("true")", "[]"})
    CHECK(bad_request(frame(value), "exclude_self"));
}

TEST_CASE("unknown members are ignored") {
  auto x = command_of<publish_command>(
    R"({"type":"chat","room":"r","content":"x","sender":"root","seq":[1],)"
    R"("user_id":{},"timestamp":"1970","rewind":"x","to":7})");
  CHECK(x.content == R"("x")");
  command_of<join_command>(
    R"({"type":"join","room":"r","key":1,"since":{"epoch":"e","seq":1,"x":2}})");
}

TEST_CASE("of members with the same key the last one counts in a frame") {
  CHECK(command_of<join_command>(
          R"({"type":"ping","type":"join","room":"a","room":"b"})")
          .room.str()
        == "b");
}
