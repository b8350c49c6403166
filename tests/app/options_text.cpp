// SPDX-License-Identifier: MIT
#include "app/options_text.hpp"

#include "tests/support/catch.hpp"

using namespace parlor;
using namespace std::chrono_literals;

TEST_CASE("durations are written in their largest whole unit") {
  CHECK(to_ini(15s) == "15s");
  CHECK(to_ini(60s) == "1min");
  CHECK(to_ini(90s) == "90s");
  CHECK(to_ini(24h) == "24h");
  CHECK(to_ini(1500ms) == "1500ms");
  CHECK(to_ini(1us) == "1us");
  CHECK(to_ini(1ns) == "1ns");
  CHECK(to_ini(0s) == "0s");
}

TEST_CASE("durations that no nanoseconds hold are beyond range") {
  // Each would wrap to something that a key may have.
  for (auto text :
       {"5124096h", "-5124095h", "307445735min", "18446744074s",
        "18446744073710ms", "18446744073709552us", "18446744073709551617ns",
        "99999999999999999999999h", "+5124096h", " 5124096h", "0x4E3000h",
        "023430000h", "0b10011100011000000000000h"}) {
    INFO(text);
    CHECK(is_beyond_range(text));
  }
  for (auto text : {"2562047h", "-2562047h", "9223372036854775807ns", "15s",
                    "0s", "0x10s", "h", "", "-", "15", "1.5s", "5124096",
                    "5124096d", "999999999999999999999999", "5124096hh"}) {
    INFO(text);
    CHECK_FALSE(is_beyond_range(text));
  }
}

TEST_CASE("texts are quoted as CAF reads them") {
  CHECK(to_ini(std::string_view{"a"}) == R"("a")");
  CHECK(to_ini(std::string_view{"a\"\\\n\r\tb"}) == R"("a\"\\\n\r\tb")");
}

TEST_CASE("lists are written in brackets") {
  CHECK(to_ini(std::vector<std::string>{}) == "[]");
  CHECK(to_ini(std::vector<std::string>{"a", "b"}) == R"(["a", "b"])");
}
