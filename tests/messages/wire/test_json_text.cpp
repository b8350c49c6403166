// SPDX-License-Identifier: MIT
#include "messages/wire/json_text.hpp"

#include "tests/support/catch.hpp"

#include <nlohmann/json.hpp>

#include <string>

using namespace parlor::wire;
using namespace std::string_literals;

namespace {

std::string in_quotes(std::string_view text) {
  std::string result;
  json::append_quoted(result, text);
  return result;
}

std::string compact(std::string_view raw) {
  std::string result;
  json::append_compact(result, raw);
  return result;
}

} // namespace

TEST_CASE("a JSON string is decoded to UTF-8") {
  CHECK(json::decoded(R"("")") == "");
  CHECK(json::decoded(R"("plain")") == "plain");
  CHECK(json::decoded(R"("\"\\\/\b\f\n\r\t")") == "\"\\/\b\f\n\r\t");
  CHECK(json::decoded(R"("a\u0000b")") == "a\0b"s);
  CHECK(json::decoded(R"("\u0041\u00e9\u07FF\u0800\uffff")")
        == "Aé\u07FF\u0800\uFFFF");
  CHECK(json::decoded(R"("\ud800\udc00\uDBFF\uDFFF!")")
        == "\U00010000\U0010FFFF!");
  CHECK(json::decoded(R"("你好\\u0041")") == "你好\\u0041");
}

TEST_CASE("only what has to be is escaped") {
  CHECK(in_quotes("") == R"("")");
  CHECK(in_quotes("a/b é 你好 \x7F") == "\"a/b é 你好 \x7F\"");
  CHECK(in_quotes("\"\\\b\f\n\r\t") == R"("\"\\\b\f\n\r\t")");
  CHECK(in_quotes("\0\x01\x1F"s) == R"("\u0000\u0001\u001f")");
}

TEST_CASE("each character is escaped so that it comes back, anywhere") {
  for (size_t before = 0; before < 17; ++before)
    for (char c = 0; c < 127; ++c) {
      auto text = std::string(before, 'x') + c + "0123456789" + c;
      auto result = in_quotes(text);
      CHECK(json::decoded(result) == text);
      CHECK(result == nlohmann::json(text).dump());
    }
}

TEST_CASE("compact JSON has no whitespace outside of strings") {
  CHECK(compact("1") == "1");
  CHECK(compact("[ 1 ,\t2,\r\n { } ]") == "[1,2,{}]");
  CHECK(compact(R"({ "a b" : " \" x ", "c\\" : [ "d\\\"" ] })")
        == R"({"a b":" \" x ","c\\":["d\\\""]})");
  CHECK(compact("{\"n\" : 9007199254740993.10}")
        == R"({"n":9007199254740993.10})");
}

TEST_CASE("an integer has neither fraction nor exponent") {
  for (auto raw : {"0", "-0", "12", "-12", "123456789012345678901234567890"})
    CHECK(json::is_integer(raw));
  for (auto raw :
       {"", "1.0", "1e2", "1E2", "-1.5", "\"1\"", "true", "null", "[1]", "{}"})
    CHECK(!json::is_integer(raw));
}
