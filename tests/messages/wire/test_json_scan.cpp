// SPDX-License-Identifier: MIT
#include "messages/wire/json_scan.hpp"

#include "tests/support/catch.hpp"

#include <array>
#include <string>
#include <vector>

using parlor::wire::json::finding;
using parlor::wire::json::member;
using namespace std::string_literals;

namespace {

finding scan(std::string_view text, size_t depth = 32) {
  return parlor::wire::json::scan(text, depth, {});
}

std::string repeated(std::string_view text, size_t times) {
  std::string result;
  for (size_t i = 0; i < times; ++i)
    result += text;
  return result;
}

std::string nested(std::string_view open, std::string_view inside,
                   std::string_view close, size_t depth) {
  return repeated(open, depth) + std::string{inside} + repeated(close, depth);
}

std::string value_of(std::string_view text, std::string_view name) {
  std::array<member, 1> wanted{{{name, {}}}};
  auto found = parlor::wire::json::scan(text, 32, wanted);
  REQUIRE(found == finding::object);
  return std::string{wanted[0].value};
}

} // namespace

// Tables have a line a kind of text; clang-format would make it a line a text.
// clang-format off

TEST_CASE("every kind of JSON value is accepted") {
  for (auto text :
       {"null", "true", "false", "0", "-0", "1", "-1", "10", "0.5", "-0.5e10",
        "1e5", "1E5", "1e+5", "1e-5", "1.25E-03", "123456789012345678901234567",
        "1e999999", R"("")", R"("a")", "[]", "[1]", "[1,2,[3,[]],{}]",
        R"(["",null,true,false])", " \t\r\n1 \t\r\n", "[ ]", "[ 1 , 2 ]",
        R"("\"\\\/\b\f\n\r\t\u0000\u00e9\uFFFF")", R"("\ud83d\ude00")",
        R"("\uDBFF\uDFFF")", "\"\x7F\"", "\"\u2028\"", "\"你好☕😀\""})
    CHECK(scan(text) == finding::other_value);
  for (auto text :
       {"{}", "{ }", R"({"a":1})", R"({"":0})", R"( { "a" : 1 , "b" : [ ] } )",
        R"({"a":{"b":{"c":[{"d":null}]}},"e":"x"})", R"({"a":1,"a":2})",
        R"({"\u0061":1})", "\t\n\r {\"a\"\n:\t1\r}\n"})
    CHECK(scan(text) == finding::object);
}

TEST_CASE("whatever is no JSON is malformed") {
  for (auto text :
       {// Nothing, or more than one value.
        "", " ", "\n", "1 2", "1,2", "{}{}", "[]]", "{}}", "nullnull", "\"\"\"",
        // Numbers.
        "01", "-01", "00", "1.", ".5", "-.5", "-", "+1", "1e", "1e+", "1E-",
        "1.e1", "1.5.5", "0x10", "1_000", "- 1", "1 .5", "--1", "NaN",
        "Infinity", "-Infinity", "1e1.5", "١",
        // Words.
        "nul", "nulll", "True", "TRUE", "tru", "f", "undefined",
        // Arrays and objects.
        "[", "]", "{", "}", "[1", "[1,", "[1,]", "[,1]", "[,]", "[1,,2]",
        "[1 2]", "[1:2]", "[}", "{]", "[1}", "{\"a\":1]", "{\"a\"}", "{\"a\":}",
        "{\"a\":1,}", "{,}", "{,\"a\":1}", "{\"a\" 1}", "{\"a\":1 \"b\":2}",
        "{a:1}", "{1:1}", "{null:1}", "{'a':1}", "{\"a\":1", "{\"a\":",
        "{\"a\"", "{\"a", "{\"a\":1,\"b\"}", "{\"a\"::1}", "[{\"a\"}]", "[{\"a\":1,}]",
        "[{\"a\":1,1}]", "[{1:1}]", "[{]", "{\"a\":[}", "[[1]", "[[1]]]",
        // Strings.
        "\"", "\"a", "'a'", "\"\\", "\"\\\"", "\"\\a\"", "\"\\x41\"",
        "\"\\0\"", "\"\\'\"", "\"\\U0041\"", "\"\\u\"", "\"\\u1\"", "\"\\u12\"",
        "\"\\u123\"", "\"\\u123g\"", "\"\\u 123\"", "\"\\u-123\"", "\"\\u123",
        "\"\\u\xC3\xA9\"", "\"a\nb\"", "\"a\tb\"", "\"a\x1F\"", "\"\x01\"",
        // Surrogates.
        "\"\\ud800\"", "\"\\udbff\"", "\"\\udc00\"", "\"\\udfff\"",
        "\"\\ud800\\ud800\"", "\"\\ud800\\u0041\"", "\"\\ud800x\"",
        "\"\\ud800\\n\"", "\"\\ud800\\", "\"\\ud800\\u\"", "\"\\ud800\\udc0\"",
        "\"\\udc00\\ud800\"", "{\"\\ud800\":1}",
        // What others let pass.
        "\xEF\xBB\xBF{}", "// c\n1", "/* c */1", "1//", "# c\n1", "\v1", "\f1",
        "\xC2\xA0""1", "\xE2\x80\xA8""1"}) {
    INFO(text);
    CHECK(scan(text) == finding::malformed);
  }
  for (auto& text : {"\0"s, "1\0"s, "{}\0"s, "\0{}"s, "\"\0\""s, "[1,\0]"s,
                     "{\"a\":\0}"s, "\"\\\0\""s, "\"\\u\0\0\0\0\""s,
                     "{\0\"a\":1}"s, "-\0"s})
    CHECK(scan(text) == finding::malformed);
}

// clang-format on

TEST_CASE("no beginning of a JSON object is one") {
  auto text = R"({"a":[1,-2.5e+3,{"b\u00e9\ud83d\ude00":null}],"c":"d"})"s;
  REQUIRE(scan(text) == finding::object);
  for (size_t n = 0; n < text.size(); ++n) {
    // A copy of its own, so that reading past it is seen by a sanitizer.
    std::vector<char> head(text.begin(), text.begin() + ptrdiff_t(n));
    CHECK(scan({head.data(), n}) == finding::malformed);
  }
}

TEST_CASE("a control character is refused wherever it stands in a string") {
  for (size_t before = 0; before < 20; ++before)
    for (char c = 0; c < 0x20; ++c)
      CHECK(scan('"' + std::string(before, 'a') + c + "aaaaaaaaaaa\"")
            == finding::malformed);
}

TEST_CASE("depth counts arrays and objects, the outermost too") {
  CHECK(scan("1", 0) == finding::other_value);
  CHECK(scan("[]", 0) == finding::too_deep);
  CHECK(scan("{}", 0) == finding::too_deep);
  CHECK(scan("{}", 1) == finding::object);
  CHECK(scan(R"({"a":[]})", 1) == finding::too_deep);
  CHECK(scan(R"({"a":[]})", 2) == finding::object);
  CHECK(scan(R"({"a":[],"b":{},"c":[]})", 2) == finding::object);
  CHECK(scan(R"({"a":[{}]})", 2) == finding::too_deep);
  CHECK(scan(nested("[", "1", "]", 32)) == finding::other_value);
  CHECK(scan(nested("[", "1", "]", 33)) == finding::too_deep);
  CHECK(scan(nested(R"({"a":)", "1", "}", 32)) == finding::object);
  CHECK(scan(nested(R"({"a":)", "1", "}", 33)) == finding::too_deep);
}

TEST_CASE("no depth that is asked for goes above the scanner's own") {
  using parlor::wire::json::max_depth;
  CHECK(scan(nested("[", "", "]", max_depth), SIZE_MAX)
        == finding::other_value);
  CHECK(scan(nested("[", "", "]", max_depth + 1), SIZE_MAX)
        == finding::too_deep);
}

TEST_CASE("a depth bomb is too deep and takes no stack") {
  for (auto open : {"[", "{\"a\":", "[{\"a\":", "[ ", "[[],"})
    for (size_t depth : {size_t{32}, SIZE_MAX})
      CHECK(scan(repeated(open, 100000), depth) == finding::too_deep);
}

TEST_CASE("a text that goes wrong before it is too deep is malformed") {
  CHECK(scan("[[1,]]", 2) == finding::malformed);
  CHECK(scan("[,[[]]]", 2) == finding::malformed);
}

TEST_CASE("the members that are wanted are found with their raw values") {
  std::string text = R"( { "a" : 1.0 , "b" : "x\n" , "c":[ 1, {"a":2} ],)"
                     R"("d":{"b":3},"e":null,"":true } )";
  CHECK(value_of(text, "a") == "1.0");
  CHECK(value_of(text, "b") == R"("x\n")");
  CHECK(value_of(text, "c") == R"([ 1, {"a":2} ])");
  CHECK(value_of(text, "d") == R"({"b":3})");
  CHECK(value_of(text, "e") == "null");
  CHECK(value_of(text, "") == "true");
  CHECK(value_of(text, "f").empty());
  CHECK(value_of("{}", "a").empty());
}

TEST_CASE("several members can be wanted at once") {
  std::array<member, 3> wanted{{{"a", {}}, {"b", {}}, {"c", {}}}};
  auto text = R"({"c":3,"x":4,"a":1})";
  CHECK(parlor::wire::json::scan(text, 32, wanted) == finding::object);
  CHECK(wanted[0].value == "1");
  CHECK(wanted[1].value.empty());
  CHECK(wanted[2].value == "3");
}

TEST_CASE("escapes in keys are decoded") {
  CHECK(value_of(R"({"\u0061":1})", "a") == "1");
  CHECK(value_of(R"({"\"\\":1})", "\"\\") == "1");
  CHECK(value_of(R"({"\ud83d\ude00":1})", "😀") == "1");
  CHECK(value_of(R"({"a\u0000b":1})", "a\0b"s) == "1");
}

TEST_CASE("of members with the same key the last one counts") {
  CHECK(value_of(R"({"a":1,"a":2})", "a") == "2");
  CHECK(value_of(R"({"a":1,"b":0,"\u0061":[3]})", "a") == "[3]");
}
