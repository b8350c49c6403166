// SPDX-License-Identifier: MIT
#include "messages/wire/names.hpp"

#include "tests/support/catch.hpp"

#include <string>

using parlor::wire::beginning_of;
using parlor::wire::valid_name;
using parlor::wire::valid_utf8;
using namespace std::string_literals;

TEST_CASE("a name is 1 to 255 bytes") {
  CHECK(!valid_name(""));
  CHECK(valid_name("a"));
  CHECK(valid_name(std::string(255, 'a')));
  CHECK(!valid_name(std::string(256, 'a')));
  // Bytes count, not characters.
  std::string cups;
  for (int i = 0; i < 85; ++i)
    cups += "\u2615";
  CHECK(valid_name(cups));
  CHECK(!valid_name(cups + "a"));
}

TEST_CASE("a name may hold whatever prints") {
  for (auto name : {" ", "a b", "\"\\/", "{}", "你好", "☕ tea", "\U0001F600",
                    "\u00A0", "~", "é", "\u2028"})
    CHECK(valid_name(name));
}

TEST_CASE("a name has no control character") {
  for (char c = 0; c < 0x20; ++c)
    CHECK(!valid_name("a"s + c + "b"));
  CHECK(!valid_name("\x7F"));
  CHECK(!valid_name("a\x7F"));
  for (char c = 0; c < 0x20; ++c)
    CHECK(!valid_name("a\xC2"s + static_cast<char>('\x80' + c)));
  CHECK(valid_name("\xC2\xA0"));
  CHECK(valid_name("\xC3\x80\xE1\x80\x80"));
}

TEST_CASE("a name is valid UTF-8") {
  CHECK(!valid_name("\xC0\xAF"));
  CHECK(!valid_name("\xED\xA0\x80"));
  CHECK(!valid_name("a\xC2"));
}

TEST_CASE("the beginning of a text has whole characters") {
  CHECK(beginning_of("tea", 3) == "tea");
  CHECK(beginning_of("tea", 2) == "te");
  CHECK(beginning_of("", 0).empty());
  for (size_t most : {3, 4, 5})
    CHECK(beginning_of("\u2615\u2615", most) == "\u2615");
  CHECK(beginning_of("\u2615", 2).empty());
}

TEST_CASE("valid UTF-8 is recognised up to the bounds of each length") {
  for (auto text :
       {"", "\x7F", "\xC2\x80", "\xDF\xBF", "\xE0\xA0\x80", "\xEC\xBF\xBF",
        "\xED\x80\x80", "\xED\x9F\xBF", "\xEE\x80\x80", "\xEF\xBF\xBF",
        "\xF0\x90\x80\x80", "\xF3\xBF\xBF\xBF", "\xF4\x8F\xBF\xBF"})
    CHECK(valid_utf8(text));
  CHECK(valid_utf8("a\0b"s));
}

TEST_CASE("invalid UTF-8 is recognised wherever it stands") {
  // Overlong, surrogate, above U+10FFFF, no lead byte, cut off.
  // clang-format off: it would make it a line a text.
  for (auto bad : {"\xC0\x80",
                   "\xC1\xBF",
                   "\xE0\x80\x80",
                   "\xE0\x9F\xBF",
                   "\xF0\x80\x80\x80",
                   "\xF0\x8F\xBF\xBF",
                   "\xED\xA0\x80",
                   "\xED\xBF\xBF",
                   "\xF4\x90\x80\x80",
                   "\xF5\x80\x80\x80",
                   "\xFF",
                   "\xFE",
                   "\x80",
                   "\xBF",
                   "\xC2",
                   "\xC2\x41",
                   "\xE1\x80",
                   "\xE1\x80\x41",
                   "\xE1\x41\x80",
                   "\xF1\x80\x80",
                   "\xF1\x80\x80\x41",
                   "\xF1\x80\x41\x80",
                   "\xC2\xC2\x80"})
    for (size_t before = 0; before < 18; ++before)
      for (size_t after : {0, 1, 20}) {
        auto text = std::string(before, 'a') + bad + std::string(after, 'b');
        CHECK(!valid_utf8(text));
      }
}
