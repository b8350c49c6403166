// SPDX-License-Identifier: MIT
#include "telemetry/line.hpp"

#include "tests/support/catch.hpp"

#include <nlohmann/json.hpp>

#include <limits>

namespace {

using namespace parlor::log;
using namespace std::chrono;

constexpr auto moment = sys_days{2026y / November / 21} + 1h + 2min + 3s + 4ms;

constexpr auto not_a_number = std::numeric_limits<double>::quiet_NaN();

} // namespace

TEST_CASE("a line of text is time, level, event and fields") {
  CHECK(render({moment,
                level::info,
                "listening",
                {{"host", "127.0.0.1"}, {"port", 8080}}},
               format::text)
        == "2026-11-21T01:02:03.004Z info  listening host=127.0.0.1 "
           "port=8080");
  CHECK(render({moment, level::error, "core actor failed", {}}, format::text)
        == "2026-11-21T01:02:03.004Z error core actor failed");
}

TEST_CASE("a line of JSON is one object") {
  CHECK(render({moment,
                level::info,
                "listening",
                {{"host", "127.0.0.1"}, {"port", 8080}}},
               format::json)
        == R"({"time":"2026-11-21T01:02:03.004Z","level":"info",)"
           R"("event":"listening","host":"127.0.0.1","port":8080})");
}

TEST_CASE("values keep their types in JSON") {
  std::string owned = "text";
  auto line = nlohmann::json::parse(render({moment,
                                            level::warn,
                                            "x",
                                            {{"text", owned},
                                             {"view", std::string_view{"v"}},
                                             {"flag", true},
                                             {"least", INT64_MIN},
                                             {"most", UINT64_MAX},
                                             {"small", uint16_t{7}},
                                             {"real", 0.25},
                                             {"nan", not_a_number}}},
                                           format::json));
  CHECK(line["text"] == "text");
  CHECK(line["view"] == "v");
  CHECK(line["flag"] == true);
  CHECK(line["least"] == INT64_MIN);
  CHECK(line["most"] == UINT64_MAX);
  CHECK(line["small"] == 7);
  CHECK(line["real"] == 0.25);
  CHECK(line["nan"].is_null());
}

TEST_CASE("a line of text has values as they are") {
  auto inf = std::numeric_limits<double>::infinity();
  CHECK(render({moment,
                level::warn,
                "x y",
                {{"yes", true},
                 {"no", false},
                 {"real", 0.25},
                 {"inf", inf},
                 {"less", -inf},
                 {"nan", not_a_number},
                 {"least", INT64_MIN},
                 {"most", UINT64_MAX}}},
               format::text)
        == "2026-11-21T01:02:03.004Z warn  x y yes=true no=false real=0.25 "
           "inf=null less=null nan=null least=-9223372036854775808 "
           "most=18446744073709551615");
  CHECK(render({moment, level::debug, "x", {}}, format::text)
        == "2026-11-21T01:02:03.004Z debug x");
  CHECK(to_string(format::text) == "text");
  CHECK(to_string(format::json) == "json");
}

TEST_CASE("a client cannot forge a line") {
  std::string_view name = "ann\n2026-11-21T01:02:03.004Z error forged a=1";
  auto line = render({moment, level::info, "client", {{"user", name}}},
                     format::text);
  CHECK(line.find('\n') == std::string::npos);
  CHECK(line
        == "2026-11-21T01:02:03.004Z info  client user=\"ann\\n2026-11-21T01:"
           "02:03.004Z error forged a=1\"");
}

TEST_CASE("times are written with all their digits") {
  CHECK(render(sys_days{1970y / January / 1}) == "1970-01-01T00:00:00.000Z");
  CHECK(render(sys_days{2027y / March / 9} + 23h + 59min + 59s + 999999us)
        == "2027-03-09T23:59:59.999Z");
}
