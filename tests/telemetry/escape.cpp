// SPDX-License-Identifier: MIT
#include "telemetry/escape.hpp"

#include "tests/support/catch.hpp"

#include <nlohmann/json.hpp>

namespace {

using namespace parlor::log;

std::string text(std::string_view x) {
  std::string result;
  append_text(result, x);
  return result;
}

std::string json(std::string_view x) {
  std::string result;
  append_json_string(result, x);
  return result;
}

} // namespace

TEST_CASE("a plain text is written as it is") {
  CHECK(text("127.0.0.1") == "127.0.0.1");
  CHECK(text("user:ann/1") == "user:ann/1");
}

TEST_CASE("a text that could be misread is quoted") {
  CHECK(text("") == R"("")");
  CHECK(text("clean close") == R"("clean close")");
  CHECK(text("a=b") == R"("a=b")");
  CHECK(text("a b") == R"("a b")");
  CHECK(text("!~") == "!~");
  CHECK(text("\x7f") == R"("\u007f")");
  CHECK(text(R"(say "hi")") == R"("say \"hi\"")");
  CHECK(text(R"(a\b)") == R"("a\\b")");
  CHECK(text("b\u00fccher") == "\"b\u00fccher\"");
}

TEST_CASE("no text ends the line or drives the terminal") {
  CHECK(text("a\nb\r\tc") == R"("a\nb\r\tc")");
  CHECK(text("\x1b[2J") == R"("\u001b[2J")");
  CHECK(text("\u0085") == R"("\u0085")");
  CHECK(text("\u202e") == R"("\u202e")");
  CHECK(text("\u2028") == R"("\u2028")");
  CHECK(text(std::string_view{"\0", 1}) == R"("\u0000")");
}

TEST_CASE("bytes that are no UTF-8 are shown in a text") {
  CHECK(text("\xff") == R"("\xff")");
  CHECK(text("\xc0\x80") == R"("\xc0\x80")");
  CHECK(text("\xed\xa0\x80") == R"("\xed\xa0\x80")");
  CHECK(text("\xe2\x82") == R"("\xe2\x82")");
  CHECK(text("\xf4\x90\x80\x80") == R"("\xf4\x90\x80\x80")");
}

TEST_CASE("what drives the terminal is told from its neighbours") {
  for (auto x : {"\u0001", "\u001f", "\u007f", "\u0080", "\u009f", "\u2028",
                 "\u202e", "\u2066", "\u2069"}) {
    INFO(x);
    CHECK(json(x).starts_with("\"\\u"));
    CHECK(json(x).size() == 8);
    CHECK(nlohmann::json::parse(json(x)) == x);
  }
  for (auto x : {" ", "~", "\u00a0", "\u2027", "\u202f", "\u2065", "\u206a"}) {
    INFO(x);
    CHECK(json(x) == '"' + std::string{x} + '"');
  }
}

TEST_CASE("the first and the last character of each length are characters") {
  for (auto x : {"\u00a0", "\u07ff", "\u0800", "\ud7ff", "\ue000", "\uffff",
                 "\U00010000", "\U0010ffff", "\xc2\xa0", "\xf4\x8f\xbf\xbf"}) {
    INFO(x);
    CHECK(json(x) == '"' + std::string{x} + '"');
    CHECK(text(x) == '"' + std::string{x} + '"');
  }
  // Each byte by itself.
  for (std::string x :
       {"\xc1\xbf", "\xe0\x9f\xbf", "\xed\xa0\x80", "\xed\xbf\xbf",
        "\xf0\x8f\xbf\xbf", "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\x80",
        "\xbf", "\xc2", "\xe2\x82", "\xf0\x9f\x98", "\xe2(\xa1"}) {
    auto wanted = std::string{"\""};
    for (auto byte : x)
      wanted += byte == '(' ? "(" : "\xEF\xBF\xBD";
    CHECK(json(x) == wanted + '"');
  }
}

TEST_CASE("bytes that are no UTF-8 are replaced in JSON") {
  CHECK(json("a\xff"
             "b")
        == "\"a\xEF\xBF\xBD"
           "b\"");
  CHECK(json("\xf0\x9f\x98\x80") == "\"\xf0\x9f\x98\x80\"");
}

TEST_CASE("a JSON string is read back as it was") {
  std::string all;
  for (char x = 1; x < 127; ++x)
    all += x;
  all += "\u00fc\u202e\U0001F600";
  all += '\0';
  CHECK(nlohmann::json::parse(json(all)) == all);
}

TEST_CASE("every sequence of three bytes gives valid JSON and one line") {
  // A character of each kind that the decoder tells apart.
  std::string kinds = "a\n\"\x7f\x80\xa0\xbf\xc0\xc2\xdf\xe0\xed\xf0\xf4\xff";
  for (auto x : kinds)
    for (auto y : kinds)
      for (auto z : kinds) {
        std::string bytes{x, y, z};
        if (!nlohmann::json::accept(json(bytes)))
          FAIL_CHECK("not JSON: " << json(bytes));
        if (text(bytes).find('\n') != std::string::npos)
          FAIL_CHECK("more than a line: " << text(bytes));
      }
}

TEST_CASE("a long text is cut at the end of a character") {
  std::string ann(max_text, 'a');
  CHECK(text(ann) == ann);
  CHECK(text(ann + "a") == '"' + ann + "...\"");
  auto almost = ann.substr(1);
  CHECK(text(almost + "\u00fc") == '"' + almost + "...\"");
  CHECK(nlohmann::json::parse(json(almost + "\u00fc")) == almost + "...");
}
