// SPDX-License-Identifier: MIT
// A home by itself: whom it asks, and when it opens.
#include "actors/replica.hpp"
#include "tests/support/catch.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

using namespace parlor;
using namespace parlor::replication;

namespace {

/// What a replica asks of the world, written down.
struct noted_port final : replica_port {
  void send(incarnation to, letter what) override {
    sent.emplace_back(to, std::move(what));
  }
  void judge(command&) override {}
  void append(const entry&) override {}
  void undo(const entry&) override {}
  void skip(const place&, const std::string&, uint64_t upto) override {
    skipped = upto;
  }
  std::string state() const override { return {}; }
  void open(const epoch&) override { ++opened; }
  void confirm(uint64_t, std::optional<place>) override {}
  void give_up(uint64_t) override {}
  bool fenced() const override { return false; }
  uint64_t next_opening() override { return ++openings; }

  std::vector<std::pair<incarnation, letter>> sent;
  std::optional<uint64_t> skipped;
  int opened = 0;
  uint64_t openings = 0;
};

const incarnation one{1}, two{2}, three{3}, four{4};

/// Node 1 is the home of a room.
struct home_at_one {
  void sit(incarnation home, incarnation standby,
           std::vector<incarnation> members) {
    is.sit(one, {++revision, home, standby, std::move(members)});
  }

  void promised(incarnation by, const digest& holds = {}) {
    is.hear(by, promise{revision, ++promises, 0, true, holds});
  }

  /// To whom questions went since the last call.
  std::vector<incarnation> asked() {
    std::vector<incarnation> result;
    for (auto& [to, what] : std::exchange(port.sent, {}))
      if (std::holds_alternative<ask>(what))
        result.push_back(to);
    return result;
  }

  void wait_long() {
    for (int i = 0; i < 20; ++i)
      is.tick();
  }

  noted_port port;
  replica is{port, {}};
  uint64_t revision = 0;
  uint64_t promises = 0;
};

} // namespace

TEST_CASE("a home asks until a follower that was lost is back", "[replica]") {
  home_at_one x;
  x.sit(one, two, {one, two, three});
  x.promised(two);
  x.promised(three);
  REQUIRE(x.port.opened == 1);
  CHECK_FALSE(x.is.restless());
  x.asked();
  x.is.lose_link(three);
  CHECK(x.is.restless());
  x.is.tick();
  CHECK(x.asked() == std::vector{three});
  x.is.tick();
  CHECK(x.asked() == std::vector{three});
  x.promised(three);
  CHECK_FALSE(x.is.restless());
  x.is.tick();
  CHECK(x.asked().empty());
}

TEST_CASE("a home opens without who is silent only where all is known",
          "[replica]") {
  home_at_one x;
  // The view in which it last knew that all was confirmed had two nodes.
  x.sit(one, two, {one, two, three, four});
  for (auto who : {two, three, four})
    x.promised(who);
  REQUIRE(x.port.opened == 1);
  x.is.hear(two, ack{{1, x.port.openings}, 0});
  x.sit(three, four, {one, two, three, four});
  x.sit(one, two, {one, two, three, four});
  SECTION("who may have confirmed something later is silent") {
    x.promised(two);
    x.wait_long();
    CHECK(x.port.opened == 1);
  }
  SECTION("who was the standby then is silent") {
    x.promised(three);
    x.promised(four);
    x.wait_long();
    CHECK(x.port.opened == 1);
    x.promised(two);
    CHECK(x.port.opened == 2);
  }
}

TEST_CASE("what comes without a state is all there is", "[replica]") {
  home_at_one x;
  x.sit(one, two, {one, two});
  epoch before{1, 7};
  entry said{{before, 4}, {{two, 1}, 1, "x"}};
  x.promised(two, {{{before, 4}}, {before, 3}});
  CHECK(x.port.opened == 0);
  SECTION("without") {
    x.is.hear(two, part{1, {before, 3}, {}, {said}, {}});
    CHECK(x.port.skipped == 0u);
  }
  SECTION("with one") {
    x.is.hear(two, part{1, {before, 3}, {}, {said}, "state"});
    CHECK(x.port.skipped == 4u);
  }
  CHECK(x.port.opened == 1);
  CHECK(x.is.log().seq() == 4);
}
