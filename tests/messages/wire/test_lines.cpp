// SPDX-License-Identifier: MIT
#include "messages/wire/lines.hpp"

#include "tests/support/catch.hpp"

#include <string>

using namespace parlor::wire;

namespace {

template <class T>
std::string written(T x) {
  std::string result;
  write(result, x);
  return result;
}

} // namespace

TEST_CASE("a text in a line is as it is but for what breaks the line") {
  for (auto text : {"", "hi", "a\tb", "it's \"so\": [1] \\n", "Grüße, 世界 😀",
                    "e\u0301 \u00a0 \u200f \u200d"})
    CHECK(written(in_line{text}) == text);
  CHECK(written(in_line{"a\nb"}) == R"(a\nb)");
  CHECK(written(in_line{"a\rb\r\n"}) == R"(a\rb\r\n)");
  CHECK(written(in_line{"\x1b[2K\x7f"}) == R"(\u001b[2K\u007f)");
  CHECK(written(in_line{"\u0080\u0085\u009f\u00a0"})
        == "\\u0080\\u0085\\u009f\u00a0");
  CHECK(written(in_line{"\u2028\u2029\u202a\u202e\u202f"})
        == "\\u2028\\u2029\\u202a\\u202e\u202f");
  CHECK(written(in_line{"\u2065\u2066\u2069\u206a"})
        == "\u2065\\u2066\\u2069\u206a");
  CHECK(written(in_line{std::string(1, '\0')}) == R"(\u0000)");
  CHECK(written(in_line{"\x08\t\x0b\x1f ~"}) == "\\u0008\t\\u000b\\u001f ~");
}

TEST_CASE("most names are plain") {
  for (auto name : {"bob", "Ann Lee", "o'Brien", "x@y.org", "#tea", "a-b_c.d",
                    "Joined", "leftover", "rejoined", "errors", "chat", "é",
                    "世界", "a, b (c)", "\\"}) {
    CHECK(is_plain_name(name));
    CHECK(written(name_in_line{name}) == name);
  }
}

TEST_CASE("names that would stand for something else are not plain") {
  for (auto name : {"",
                    "[Private from bob]",
                    "bob: I agree",
                    "bob:",
                    "bob]",
                    "\"bob\"",
                    "bob joined tea",
                    "bob left tea",
                    "bob left the chat",
                    "joined",
                    "left",
                    "a joined",
                    " bob",
                    "bob ",
                    "error",
                    "the chat",
                    "a\u2028b",
                    "bob\u00a0joined\u00a0tea",
                    "a\u200bb",
                    "\u202ebob",
                    "\ufeff",
                    "\U000e0041"}) {
    CAPTURE(name);
    CHECK_FALSE(is_plain_name(name));
  }
}

TEST_CASE("a name that is not plain is quoted, and seen in full") {
  CHECK(written(name_in_line{"a: b"}) == R"("a: b")");
  CHECK(written(name_in_line{R"(a"\)"}) == R"("a\"\\")");
  CHECK(written(name_in_line{"a\u2028b\u00a0"}) == R"("a\u2028b\u00a0")");
  CHECK(written(name_in_line{"\U000e0041"}) == R"("\udb40\udc41")");
  CHECK(written(name_in_line{"é: 世"}) == "\"é: 世\"");
}
