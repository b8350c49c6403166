// SPDX-License-Identifier: MIT
#include "messages/wire/decode.hpp"
#include "tests/support/catch.hpp"

#include <string>
#include <variant>

using namespace parlor;
using namespace parlor::wire;

namespace {

decoded text(std::string_view frame) {
  return decode(frame, dialect::text, 32);
}

/// The content that a line in dialect `text` is published with.
std::string content_of(std::string_view frame) {
  INFO(frame);
  auto result = text(frame);
  REQUIRE(std::holds_alternative<request>(result));
  auto& x = std::get<request>(result);
  CHECK(x.id.empty());
  REQUIRE(std::holds_alternative<publish_command>(x.what));
  auto& message = std::get<publish_command>(x.what);
  CHECK(message.room.str() == lobby);
  CHECK(!message.exclude_self);
  return message.content;
}

} // namespace

TEST_CASE("a line is a message to the lobby") {
  CHECK(content_of("good morning") == R"("good morning")");
  CHECK(content_of("") == R"("")");
  CHECK(content_of("你好 ☕") == R"("你好 ☕")");
  CHECK(content_of("say \"hi\"\\\n\x01") == R"("say \"hi\"\\\n\u0001")");
  CHECK(content_of(std::string_view{"\0", 1}) == R"("\u0000")");
}

TEST_CASE("JSON without a known type is a line") {
  CHECK(content_of("42") == R"("42")");
  CHECK(content_of(R"("quoted")") == R"("\"quoted\"")");
  CHECK(content_of(R"(["join"])") == R"("[\"join\"]")");
  CHECK(content_of("{}") == R"("{}")");
  CHECK(content_of(R"({"type":"dance","id":[]})")
        == R"("{\"type\":\"dance\",\"id\":[]}")");
  CHECK(content_of(R"({"type":1})") == R"("{\"type\":1}")");
  CHECK(content_of(R"({"type":"a","action":"b"})")
        == R"("{\"type\":\"a\",\"action\":\"b\"}")");
}

TEST_CASE("what is no JSON is a line though it begins like a command") {
  CHECK(content_of(R"({"type":"ping"}})") == R"("{\"type\":\"ping\"}}")");
  CHECK(content_of(R"({"type":"ping")") == R"("{\"type\":\"ping\"")");
  auto bomb = R"({"type":"ping","x":)" + std::string(100000, '[');
  CHECK(content_of(bomb).size() == bomb.size() + 8);
}

TEST_CASE("an object with a known type is a command in text too") {
  for (auto frame : {R"({"type":"join","room":"tea","id":1})",
                     R"({"action":"join","room":"tea","id":1})"}) {
    auto result = text(frame);
    REQUIRE(std::holds_alternative<request>(result));
    auto& x = std::get<request>(result);
    CHECK(x.id.str() == "1");
    REQUIRE(std::holds_alternative<join_command>(x.what));
    CHECK(std::get<join_command>(x.what).room.str() == "tea");
  }
}

TEST_CASE("a wrong command of a known type is rejected in text too") {
  for (auto frame : {R"({"type":"join"})", R"({"type":"ping","id":[]})",
                     R"({"type":"chat","content":"x"})",
                     R"({"type":"ping","action":"join"})",
                     R"({"type":5,"action":"join"})"}) {
    auto result = text(frame);
    REQUIRE(std::holds_alternative<rejection>(result));
    CHECK(std::get<rejection>(result).code == ec::bad_request);
  }
}
