// SPDX-License-Identifier: MIT
#include "app/ini.hpp"

#include "tests/support/catch.hpp"

#include <string>

using namespace parlor;
using enum option_value::kind;

namespace {

std::vector<ini_entry> good(std::string_view text) {
  auto result = parse_ini(text);
  INFO(text);
  if (auto bad = std::get_if<ini_error>(&result))
    FAIL(bad->what);
  return std::get<std::vector<ini_entry>>(result);
}

std::string error(std::string_view text) {
  auto result = parse_ini(text);
  INFO(text);
  REQUIRE(std::holds_alternative<ini_error>(result));
  return std::get<ini_error>(result).what;
}

} // namespace

TEST_CASE("sections, keys, comments and all kinds of values are read",
          "[ini]") {
  auto x = good("; first\n"
                "global = 1\n"
                "[a] ; of a\n"
                "  b=-5min;at once\n"
                "c = \"x \\\"\\\\\\n ; y\" ; text\n"
                "[ d.e ]\n"
                "f = [ \"1\", ; one\n"
                "      2,\n"
                "]\n"
                "g = []");
  REQUIRE(x.size() == 5);
  CHECK((x[0].key == "global" && x[0].line == 2));
  CHECK(x[0].value == option_value{bare, "1", {}});
  CHECK((x[1].key == "a.b" && x[1].line == 4));
  CHECK(x[1].value == option_value{bare, "-5min", {}});
  CHECK(x[2].value == option_value{quoted, "x \"\\\n ; y", {}});
  CHECK((x[3].key == "d.e.f" && x[3].line == 7));
  CHECK(x[3].value
        == option_value{list, "", {{quoted, "1", {}}, {bare, "2", {}}}});
  CHECK((x[4].key == "d.e.g" && x[4].line == 10));
}

TEST_CASE("lines end as on any system, behind a byte order mark or not",
          "[ini]") {
  for (auto text : {"\xEF\xBB\xBF[a]\nb = 1\n", "[a]\r\nb = 1\r\n",
                    "[a]\r\nb = 1\r", "\r\n[a] ; x\r\n\r\nb = 1 ; y\r\n"}) {
    auto x = good(text);
    REQUIRE(x.size() == 1);
    CHECK((x[0].key == "a.b" && x[0].value.text == "1"));
  }
  CHECK(good("a = [1,\r\n2]\r\nb = 3").size() == 2);
  CHECK(good("\xEF\xBB\xBF").empty());
}

TEST_CASE("what is open where the input ends is an error", "[ini]") {
  CHECK(error("[admin]\ntoken-file = \"/et")
        == "line 2: the text has no closing quote");
  CHECK(error("[admin]\ntoken-file = \"/et\nx = 1\n")
        == "line 2: the text has no closing quote");
  CHECK(error("a = \"x\\")
        == "line 1: a \\ in a text is followed by n, r, t, "
           "\\ or \"");
  CHECK(error("[origins]\nallow = [\"x\",\n\"y\"\n")
        == "line 4: the list has no ]");
  CHECK(error("a = [") == "line 1: the list has no ]");
  CHECK(error("a = [1,") == "line 1: the list has no ]");
  CHECK(error("a = [\"x") == "line 1: the text has no closing quote");
  CHECK(error("[server") == "line 1: the section has no ]");
  CHECK(error("[server\nport") == "line 1: the section has no ]");
  CHECK(error("[server]\nport") == "line 2: expected = behind server.port");
  CHECK(error("[server]\nport =") == "line 2: the value is missing");
  CHECK(error("port = \n1\n") == "line 1: the value is missing");
}

TEST_CASE("bytes that no text has are errors", "[ini]") {
  CHECK(error({"a = 1\nb = \"x\0y\"\n", 16}) == "line 2: a control character");
  CHECK(error({"a = 1\n\0", 7}) == "line 2: a control character");
  CHECK(error("a = \"\x1B\"\n") == "line 1: a control character");
  CHECK(error("a = \"\xFF\"\n") == "is not in UTF-8");
  CHECK(error("a = 1\n\xFF") == "is not in UTF-8");
  CHECK_FALSE(error("a = 1\rb = 2\n").empty());
}

TEST_CASE("a file is taken whole or not at all", "[ini]") {
  for (auto text :
       {"a = 1 b = 2\n", "a = 1]\n", "]\n", "= 1\n", "# a\n", "[]\n", "[a b]\n",
        "a = 'x'\n", "a = {b = 1}\n", "a = \"x\" \"y\"\n", "a = \"\\x\"\n",
        "a = [1 2]\n", "a = [,]\n", "a = [[1]]\n", "a = \"x\"y\n",
        "\"a\" = 1\n"}) {
    INFO(text);
    CHECK(error("ok = 1\n" + std::string{text}).starts_with("line 2: "));
  }
}
