// SPDX-License-Identifier: MIT
#include "inspection/listing.hpp"

#include "tests/support/catch.hpp"

#include <algorithm>

using namespace parlor;
using namespace parlor::inspection;

namespace {

actor_summary summary(uint64_t id, uint32_t thread = 0) {
  actor_summary result;
  result.id = id;
  result.kind = "room";
  result.title = "Tea room " + std::to_string(id);
  result.thread = thread;
  result.mailbox = id % 5;
  result.handled = id % 7;
  result.busy = std::chrono::nanoseconds{id % 3};
  return result;
}

std::vector<uint64_t> ids(const actors_page& x) {
  std::vector<uint64_t> result;
  for (auto& one : x.actors)
    result.push_back(one.id);
  return result;
}

actors_query by(actors_order order, uint64_t limit, uint64_t after = 0) {
  actors_query result;
  result.order = order;
  result.limit = limit;
  result.after = after;
  return result;
}

/// Actors of three threads, with ids that are strewn over them.
std::vector<std::vector<actor_summary>> threads(uint64_t actors) {
  std::vector<std::vector<actor_summary>> result(3);
  for (uint64_t id = 1; id <= actors; ++id)
    result[id * id % 3].push_back(summary(id, uint32_t(id * id % 3)));
  return result;
}

actors_page asked(const std::vector<std::vector<actor_summary>>& all,
                  const actors_query& query) {
  std::vector<actors_page> pages;
  for (auto& one : all)
    pages.push_back(page_of(query, one));
  return merged(query, std::move(pages));
}

} // namespace

TEST_CASE("an actor fits by kind, thread, id and part of its title",
          "[listing]") {
  auto one = summary(42, 1);
  actors_query query;
  CHECK(fits(query, one));
  query = {};
  query.kind = "room";
  CHECK(fits(query, one));
  query.kind = "roo";
  CHECK_FALSE(fits(query, one));
  query = {};
  query.thread = 1;
  CHECK(fits(query, one));
  query.thread = 0;
  CHECK_FALSE(fits(query, one));
  one.thread = std::nullopt;
  CHECK_FALSE(fits(query, one));
  for (auto text : {"42", "tea", "TEA ROOM", "a r"}) {
    query = {};
    query.search = text;
    CHECK(fits(query, one));
  }
  for (auto text : {"7", "43", "teas", "\xC3\x84"}) {
    query = {};
    query.search = text;
    CHECK_FALSE(fits(query, one));
  }
}

TEST_CASE("pages of all threads hold everyone once, in order", "[listing]") {
  auto all = threads(1000);
  std::vector<uint64_t> seen;
  uint64_t after = 0;
  for (auto more = true; more;) {
    auto page = asked(all, by(actors_order::id, 64, after));
    CHECK(page.total == 1000);
    CHECK(page.complete);
    REQUIRE(!page.actors.empty());
    for (auto id : ids(page))
      seen.push_back(id);
    after = seen.back();
    more = page.more;
  }
  REQUIRE(seen.size() == 1000);
  for (size_t i = 0; i < seen.size(); ++i)
    CHECK(seen[i] == i + 1);
}

TEST_CASE("the last page says that it is the last", "[listing]") {
  auto all = threads(10);
  CHECK(asked(all, by(actors_order::id, 9)).more);
  CHECK_FALSE(asked(all, by(actors_order::id, 10)).more);
  CHECK_FALSE(asked(all, by(actors_order::id, 5, 5)).more);
  auto beyond = asked(all, by(actors_order::id, 5, UINT64_MAX));
  CHECK(beyond.actors.empty());
  CHECK_FALSE(beyond.more);
  CHECK(beyond.total == 10);
}

TEST_CASE("other orders show those with the most", "[listing]") {
  auto all = threads(200);
  std::vector<actor_summary> flat;
  for (auto& one : all)
    flat.insert(flat.end(), one.begin(), one.end());
  for (auto order :
       {actors_order::mailbox, actors_order::busy, actors_order::handled}) {
    auto wanted = flat;
    std::sort(wanted.begin(), wanted.end(),
              [&](auto& x, auto& y) { return precedes(order, x, y); });
    auto page = asked(all, by(order, 20, 150));
    REQUIRE(page.actors.size() == 20);
    for (size_t i = 0; i < 20; ++i)
      CHECK(page.actors[i].id == wanted[i].id);
    CHECK(page.more);
  }
  auto fullest = asked(all, by(actors_order::mailbox, 3));
  CHECK(ids(fullest) == std::vector<uint64_t>{4, 9, 14});
}

TEST_CASE("a thread that is silent makes a page incomplete", "[listing]") {
  actors_page silent;
  silent.complete = false;
  auto query = by(actors_order::id, 5);
  auto page = merged(query, {page_of(query, {summary(1)}), silent});
  CHECK_FALSE(page.complete);
  CHECK(ids(page) == std::vector<uint64_t>{1});
}
