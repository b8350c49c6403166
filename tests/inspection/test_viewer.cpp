// SPDX-License-Identifier: MIT
#include "inspection/viewer.hpp"

#include "tests/inspection/watched_fixture.hpp"
#include "tests/support/catch.hpp"

using namespace parlor;
using namespace parlor::inspection;
using namespace parlor::test;
using nlohmann::json;

namespace {

struct viewer_fixture : watched_fixture {
  viewer_fixture() {
    handshake hello;
    hello.id = id;
    hello.ip = "127.0.0.1";
    env.limits.errors = 3;
    viewer = spawn<viewer_state>(
      viewer_options{env.limits, inspector, &sockets[0], hello});
  }

  void say(std::string text) { tell(viewer, client_frame{std::move(text)}); }

  /// What it was sent since the last call.
  std::vector<nlohmann::json> heard() {
    std::vector<nlohmann::json> result;
    for (auto& text : take(id))
      result.push_back(nlohmann::json::parse(text));
    return result;
  }

  connection_id id = id_of(0, 77);
  connection_actor viewer;
};

} // namespace

TEST_CASE_METHOD(viewer_fixture, "a viewer hears at once, and is not admitted",
                 "[viewer]") {
  CHECK(sockets[0].heard.contains(id));
  CHECK_FALSE(sockets[0].admitted.contains(id));
  CHECK(heard().empty());
}

TEST_CASE_METHOD(viewer_fixture, "what is in view comes again and again",
                 "[viewer]") {
  say(R"({"list":{"kind":"directory"},"serial":4})");
  for (auto i = 0; i < 3; ++i) {
    auto updates = heard();
    REQUIRE(updates.size() == 1);
    CHECK(updates[0]["serial"] == 4);
    CHECK(updates[0]["list"]["total"] == 1);
    CHECK_FALSE(updates[0].contains("picture"));
    CHECK_FALSE(updates[0].contains("actor"));
    advance(viewer_state::interval);
  }
  CHECK(sockets[0].service[id] == 1);
}

TEST_CASE_METHOD(viewer_fixture, "nothing is sent of what is not in view",
                 "[viewer]") {
  say(R"({"picture":true})");
  CHECK(heard().size() == 1);
  say("{}");
  for (auto i = 0; i < 5; ++i)
    advance(viewer_state::interval);
  CHECK(heard().empty());
  CHECK_FALSE(state_of<viewer_state>(viewer).ticking);
}

TEST_CASE_METHOD(viewer_fixture, "a view that changes is shown as it is now",
                 "[viewer]") {
  for (auto i = 1; i <= 5; ++i)
    caf::anon_send(viewer, client_frame{R"({"picture":true,"serial":)"
                                        + std::to_string(i) + "}"});
  run();
  auto updates = heard();
  REQUIRE(updates.size() == 1);
  CHECK(updates[0]["serial"] == 5);
}

TEST_CASE_METHOD(viewer_fixture, "bad views are answered, then hung up on",
                 "[viewer]") {
  for (auto text : {"", "nonsense", "{\"actor\":\"x\"}"}) {
    say(text);
    auto told = heard();
    REQUIRE(told.size() == 1);
    CHECK(told[0]["type"] == "error");
    CHECK_FALSE(sockets[0].closed.contains(id));
  }
  say("[]");
  CHECK(sockets[0].closed.at(id).first == close_code::policy_violation);
  CHECK(ended(viewer));
}

TEST_CASE_METHOD(viewer_fixture, "a viewer ends with its socket", "[viewer]") {
  say(R"({"picture":true})");
  tell(viewer, socket_closed{});
  CHECK(ended(viewer));
}

TEST_CASE_METHOD(viewer_fixture, "a viewer is sent home", "[viewer]") {
  tell(viewer, dismissed{close_code::service_restart, "Server is closing"});
  CHECK(sockets[0].closed.at(id).first == close_code::service_restart);
  CHECK(ended(viewer));
}

TEST_CASE_METHOD(viewer_fixture, "a viewer goes on without an inspector",
                 "[viewer]") {
  end(inspector, caf::exit_reason::kill);
  say(R"({"picture":true})");
  advance(viewer_state::interval);
  CHECK(heard().empty());
  CHECK_FALSE(ended(viewer));
}
