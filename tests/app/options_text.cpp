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

TEST_CASE("texts are quoted as CAF reads them") {
  CHECK(to_ini(std::string_view{"a"}) == R"("a")");
  CHECK(to_ini(std::string_view{"a\"\\\n\r\tb"}) == R"("a\"\\\n\r\tb")");
}

TEST_CASE("lists are written in brackets") {
  CHECK(to_ini(std::vector<std::string>{}) == "[]");
  CHECK(to_ini(std::vector<std::string>{"a", "b"}) == R"(["a", "b"])");
}
