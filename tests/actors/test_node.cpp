// SPDX-License-Identifier: MIT
#include "actors/node.hpp"

#include "tests/actors/whole_fixture.hpp"
#include "tests/support/catch.hpp"

#include <caf/exit_reason.hpp>

using namespace parlor;
using namespace parlor::test;

namespace {

/// A whole node, and how it has ended.
struct node_fixture : whole_fixture {
  node_fixture() {
    node = spawn<node_state>(node_options{
      &env, core, [this](const caf::error& why) { ends.push_back(why); }});
  }

  bool core_ended() {
    return ended(core.directory) && ended(core.registry) && ended(core.admin);
  }

  node_actor node;
  std::vector<caf::error> ends;
};

} // namespace

TEST_CASE_METHOD(node_fixture, "a node runs until it is told to end") {
  connect("ann", {"r"});
  advance(std::chrono::hours{1});
  CHECK(ends.empty());
  CHECK_FALSE(ended(node));
  auto shown = ask<report>(node, state_query{});
  REQUIRE(shown);
  CHECK(shown->kind == "node");
}

TEST_CASE_METHOD(node_fixture, "at closing time a node sees all out") {
  auto& ann = connect("ann", {"r"});
  auto& bob = connect("bob", {"r"}, dialect::text);
  tell(node, closing_time{close_code::service_restart});
  for (auto* one : {&ann, &bob}) {
    CHECK(ended(one->handle));
    CHECK(sockets[one->id.thread()].closed.at(one->id).first
          == close_code::service_restart);
  }
  REQUIRE(ends.size() == 1);
  CHECK_FALSE(ends[0]);
  CHECK(ended(node));
}

TEST_CASE_METHOD(node_fixture, "who comes behind closing time is told so") {
  tell(node, closing_time{close_code::service_restart});
  CHECK(ended(node));
  auto& late = connect("ann");
  CHECK(ended(late.handle));
  CHECK(sockets[late.id.thread()].closed.at(late.id).first
        == close_code::service_restart);
}

TEST_CASE_METHOD(node_fixture, "an empty node closes at once") {
  tell(node, closing_time{close_code::going_away});
  REQUIRE(ends.size() == 1);
  CHECK_FALSE(ends[0]);
}

TEST_CASE_METHOD(node_fixture, "a node closes once") {
  connect("ann");
  caf::anon_send(node, closing_time{});
  caf::anon_send(node, closing_time{});
  run();
  CHECK(ends.size() == 1);
}

TEST_CASE_METHOD(node_fixture, "a core actor's crash ends the node") {
  connect("ann", {"r"});
  SECTION("the directory's") {
    end(core.directory, caf::sec::runtime_error);
  }
  SECTION("the registry's") {
    end(core.registry, caf::sec::runtime_error);
  }
  SECTION("admin's") {
    end(core.admin, caf::sec::runtime_error);
  }
  REQUIRE(ends.size() == 1);
  CHECK(ends[0] == caf::sec::runtime_error);
  CHECK(ended(node));
  CHECK(core_ended());
}

TEST_CASE_METHOD(node_fixture, "a crash at closing time is a crash") {
  auto& ann = connect("ann");
  caf::anon_send(node, closing_time{});
  // Ann's end is not handled yet, so the registry waits.
  scheduler().run_once();
  CHECK_FALSE(ended(ann.handle));
  end(core.directory, caf::sec::runtime_error);
  REQUIRE(ends.size() == 1);
  CHECK(ends[0] == caf::sec::runtime_error);
}
