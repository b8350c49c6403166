// SPDX-License-Identifier: MIT
#include "inspection/requests.hpp"

#include "tests/support/catch.hpp"

using namespace parlor;
using namespace parlor::inspection;

namespace {

/// The status of the refusal; 0 where it is understood.
unsigned status(std::string_view target) {
  auto parsed = parse_request(target);
  auto* no = std::get_if<bad_request>(&parsed);
  return no != nullptr ? no->status : 0;
}

actors_query query(std::string_view target) {
  return std::get<actors_query>(parse_request(target));
}

} // namespace

TEST_CASE("a list is asked for with all that narrows it", "[requests]") {
  auto all = query("/debug/actors");
  CHECK(all.kind.empty());
  CHECK(all.search.empty());
  CHECK_FALSE(all.thread);
  CHECK(all.order == actors_order::id);
  CHECK(all.after == 0);
  CHECK(all.limit == default_page);
  auto some = query("/debug/actors?kind=room&thread=1&search=te%20a&after=17"
                    "&limit=5&order=id&nothing=1");
  CHECK(some.kind == "room");
  CHECK(some.search == "te a");
  CHECK(some.thread == 1);
  CHECK(some.after == 17);
  CHECK(some.limit == 5);
  CHECK(query("/debug/actors?order=busy").order == actors_order::busy);
  CHECK(query("/debug/actors?order=mailbox").order == actors_order::mailbox);
  CHECK(query("/debug/actors?order=handled").order == actors_order::handled);
}

TEST_CASE("one actor and the overview are asked for by path", "[requests]") {
  CHECK(std::get<actor_query>(parse_request("/debug/actors/17")).id == 17);
  CHECK(
    std::get<actor_query>(parse_request("/debug/actors/18446744073709551615"))
      .id
    == UINT64_MAX);
  CHECK(std::holds_alternative<picture_query>(
    parse_request("/debug/overview?x=y")));
}

TEST_CASE("a bad id is refused", "[requests]") {
  for (auto id : {"0", "-1", "+1", "x", "1x", "1.0", "0x1", "%20", "%00",
                  "18446744073709551616", "99999999999999999999999999"})
    CHECK(status(std::string{"/debug/actors/"} + id) == 400);
  CHECK(status("/debug/actors/") == 400);
}

TEST_CASE("bad parameters of a list are refused", "[requests]") {
  for (auto text : {"limit=0",
                    "limit=1001",
                    "limit=-1",
                    "limit=",
                    "limit=x",
                    "limit=1e3",
                    "limit=99999999999999999999999",
                    "after=x",
                    "after=-1",
                    "after=",
                    "after=18446744073709551616",
                    "thread=x",
                    "thread=-1",
                    "thread=",
                    "thread=4294967296",
                    "order=",
                    "order=name",
                    "order=ID",
                    "search=%00",
                    "search=%ff",
                    "order=busy&after=1"})
    CHECK(status(std::string{"/debug/actors?"} + text) == 400);
  CHECK(status("/debug/actors?search=" + std::string(256, 'x')) == 400);
  CHECK(status("/debug/actors?after=18446744073709551615") == 0);
  CHECK(status("/debug/actors?search=") == 0);
}

TEST_CASE("there is nothing else", "[requests]") {
  for (auto target : {"/debug", "/debug/", "/debug/actors/1/2", "/debug/actor",
                      "/debug/x", "/debug/overview/1"})
    CHECK(status(target) == 404);
  CHECK(status("/debug/%zz") == 400);
  CHECK(status("") == 400);
}
