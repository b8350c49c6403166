// SPDX-License-Identifier: MIT
#include "telemetry/exposition.hpp"

#include "tests/support/catch.hpp"

#include <array>
#include <stdexcept>

using parlor::exposition;

TEST_CASE("an empty page is empty", "[exposition]") {
  CHECK(exposition{}.text().empty());
}

TEST_CASE("each family has its help, its type and its values", "[exposition]") {
  exposition page;
  page.gauge("rooms", "Rooms.", uint64_t{7});
  page.counter("opened_total", "Opened.", uint64_t{8});
  page.gauge("held", "Held.", "thread", {{"0", 3}, {"1", 0}});
  page.counter("closed_total", "Closed.", "code",
               {{"1000", 1}, {"4008", 123456789012345}});
  auto text = page.text();
  CHECK(text.find("# HELP rooms Rooms.\n# TYPE rooms gauge\nrooms 7\n")
        != text.npos);
  CHECK(text.find("# TYPE opened_total counter\nopened_total 8\n")
        != text.npos);
  CHECK(text.find("held{thread=\"0\"} 3\n") != text.npos);
  CHECK(text.find("held{thread=\"1\"} 0\n") != text.npos);
  CHECK(text.find("# HELP closed_total Closed.\n# TYPE closed_total counter\n")
        != text.npos);
  CHECK(text.find("closed_total{code=\"1000\"} 1\n") != text.npos);
  CHECK(text.find("closed_total{code=\"4008\"} 123456789012345\n")
        != text.npos);
}

TEST_CASE("steps become cumulative, the last one without a bound",
          "[exposition]") {
  exposition page;
  std::array<double, 2> bounds{0.5, 1};
  std::array<uint64_t, 3> counts{1, 2, 4};
  page.histogram("took_seconds", "Took.", bounds, counts, 9.25);
  auto text = page.text();
  for (auto line :
       {"# TYPE took_seconds histogram\n", "took_seconds_count 7\n",
        "took_seconds_sum 9.25\n", "took_seconds_bucket{le=\"0.5\"} 1\n",
        "took_seconds_bucket{le=\"1\"} 3\n",
        "took_seconds_bucket{le=\"+Inf\"} 7\n"})
    CHECK(text.find(line) != text.npos);
}

TEST_CASE("a label's value may be anything", "[exposition]") {
  exposition page;
  page.gauge("up", "Up.", "node", {{"a\"b\\c\nd", 1}});
  CHECK(page.text().find("up{node=\"a\\\"b\\\\c\\nd\"} 1\n")
        != std::string::npos);
}

TEST_CASE("a wrong name is refused", "[exposition]") {
  exposition page;
  CHECK_THROWS_AS(page.gauge("not a name", "No.", 1.0), std::invalid_argument);
}
