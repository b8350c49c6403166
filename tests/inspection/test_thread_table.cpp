// SPDX-License-Identifier: MIT
#include "inspection/thread_table.hpp"

#include "tests/support/catch.hpp"

#include <optional>
#include <stdexcept>
#include <vector>

using namespace parlor;
using namespace parlor::inspection;
using namespace std::chrono_literals;

namespace {

/// Mailboxes as the test says, by the order of the ids.
thread_table::depth_of depths(std::vector<std::optional<uint64_t>> of) {
  return [of, next = size_t{0}](const caf::weak_actor_ptr&) mutable {
    return next < of.size() ? of[next++] : std::optional<uint64_t>{0};
  };
}

trace_ring::entry message(std::string_view what, uint64_t sender,
                          std::string_view kind,
                          std::chrono::nanoseconds took) {
  return {{}, what, sender, kind, took};
}

uint64_t flow_of(const thread_picture& x, std::string_view from,
                 std::string_view to, bool local) {
  for (auto& one : x.flows)
    if (one.from == from && one.to == to && one.local == local)
      return one.messages;
  return 0;
}

struct table_fixture {
  table_fixture() {
    table.enter(1, "room", "tea", {});
    table.enter(2, "room", "milk", {});
    table.enter(3, "connection", "ann", {});
  }

  void handle(uint64_t who, std::string_view kind, uint64_t sender,
              std::string_view sender_kind) {
    table.add(
      table.enter(who, kind, "", {}),
      message(table.keep("publish"), sender, table.keep(sender_kind), 10us));
  }

  const kind_summary& kind(const thread_picture& x, std::string_view name) {
    for (auto& one : x.kinds)
      if (one.kind == name)
        return one;
    throw std::runtime_error{"no such kind"};
  }

  thread_table table{7};
};

} // namespace

TEST_CASE_METHOD(table_fixture, "a table sums up by kind", "[thread_table]") {
  handle(1, "room", 3, "connection");
  handle(2, "room", 3, "connection");
  handle(2, "room", 0, "");
  table.look(depths({5, 6, 0}));
  auto shown = table.picture();
  CHECK(shown.thread == 7);
  CHECK_FALSE(shown.silent);
  REQUIRE(shown.kinds.size() == 2);
  CHECK(kind(shown, "room").actors == 2);
  CHECK(kind(shown, "room").mailbox == 11);
  CHECK(kind(shown, "room").handled == 3);
  CHECK(kind(shown, "room").busy == 30us);
  CHECK(kind(shown, "connection").actors == 1);
  CHECK(kind(shown, "connection").handled == 0);
}

TEST_CASE_METHOD(table_fixture, "flows tell who is of the same thread",
                 "[thread_table]") {
  handle(1, "room", 3, "connection");
  handle(1, "room", 3, "connection");
  handle(1, "room", 99, "connection");
  handle(1, "room", 0, "");
  auto shown = table.picture();
  CHECK(flow_of(shown, "connection", "room", true) == 2);
  CHECK(flow_of(shown, "connection", "room", false) == 1);
  CHECK(flow_of(shown, "", "room", false) == 1);
  CHECK(shown.flows.size() == 3);
}

TEST_CASE_METHOD(table_fixture, "who has ended stays in the sums",
                 "[thread_table]") {
  handle(1, "room", 0, "");
  table.leave(1);
  table.leave(1);
  table.leave(99);
  table.look(depths({}));
  CHECK(table.size() == 2);
  CHECK(table.find(1) == nullptr);
  auto shown = table.picture();
  CHECK(kind(shown, "room").actors == 1);
  CHECK(kind(shown, "room").handled == 1);
}

TEST_CASE_METHOD(table_fixture, "who is gone without a word is let go",
                 "[thread_table]") {
  table.look(depths({0, std::nullopt, 0}));
  CHECK(table.size() == 2);
  CHECK(table.find(2) == nullptr);
  CHECK(table.find(3) != nullptr);
}

TEST_CASE_METHOD(table_fixture, "whoever begins makes room for itself",
                 "[thread_table]") {
  for (uint64_t id = 10; id < 10'000; ++id) {
    table.enter(id, "connection", "", {});
    table.leave(id);
  }
  CHECK(table.size() == 4);
}

TEST_CASE_METHOD(table_fixture, "a title may change", "[thread_table]") {
  table.enter(3, "connection", "bob", {});
  CHECK(table.find(3)->title == "bob");
  CHECK(table.size() == 3);
}

TEST_CASE_METHOD(table_fixture, "a page is of the table's own thread",
                 "[thread_table]") {
  table.look(depths({4, 0, 0}));
  actors_query query;
  query.kind = "room";
  auto page = table.page(query);
  REQUIRE(page.actors.size() == 2);
  CHECK(page.actors[0].id == 1);
  CHECK(page.actors[0].title == "tea");
  CHECK(page.actors[0].thread == 7);
  CHECK(page.actors[0].mailbox == 4);
  query.thread = 7;
  CHECK(table.page(query).total == 2);
  query.thread = 8;
  CHECK(table.page(query).total == 0);
}

TEST_CASE_METHOD(table_fixture, "a kept text is kept once", "[thread_table]") {
  auto first = table.keep(std::string{"publish"});
  CHECK(table.keep("publish").data() == first.data());
  CHECK(first == "publish");
}
