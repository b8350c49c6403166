// SPDX-License-Identifier: MIT
#include "tests/actors/connection_fixture.hpp"
#include "tests/support/catch.hpp"

using namespace parlor;
using namespace parlor::test;
using namespace std::chrono_literals;

namespace {

constexpr const char* ping = R"({"type":"ping","id":1})";

/// A connection whose limits are small.
struct limits_fixture : connection_fixture {
  limits_fixture() {
    env.limits.messages_per_second = 10;
    env.limits.message_burst = 3;
    env.limits.errors = 3;
  }

  /// Sends more than may pass, every 100 ms, for as long or until it closes.
  std::chrono::milliseconds flood(std::chrono::milliseconds length) {
    for (auto passed = 0ms; passed < length; passed += 100ms) {
      for (auto i = 0; i < 3 && !ended(client); ++i)
        say(ping);
      if (ended(client))
        return passed;
      advance(100ms);
    }
    return length;
  }
};

} // namespace

TEST_CASE_METHOD(limits_fixture, "bad frames are refused, the client kept") {
  env.limits.messages_per_second = 0;
  env.limits.errors = 0;
  connect();
  for (auto [text, code] : {
         std::pair{"{", "bad_json"},
         {"", "bad_json"},
         {"{} {}", "bad_json"},
         {"[]", "bad_request"},
         {"\"join\"", "bad_request"},
         {"{}", "bad_request"},
         {R"({"type":1})", "bad_request"},
         {R"({"type":"join"})", "bad_request"},
         {R"({"type":"join","room":""})", "bad_request"},
         {R"({"type":"join","room":5})", "bad_request"},
         {R"({"type":"join","room":"a\u0001b"})", "bad_request"},
         {R"({"type":"chat","room":"r"})", "bad_request"},
         {R"({"type":"private","content":1})", "bad_request"},
         {R"({"type":"ping","id":{}})", "bad_request"},
         {R"({"type":"ping","action":"join"})", "bad_request"},
         {R"({"type":"dance"})", "unknown_type"},
       }) {
    CAPTURE(text);
    auto before = served();
    say(text);
    auto said = heard();
    REQUIRE(said.size() == 1);
    CHECK(is_error(said[0], code));
    CHECK(served() == before + 1);
  }
  say(R"({"type":"dance","id":3})");
  auto said = heard();
  REQUIRE(said.size() == 1);
  CHECK(has(said[0], R"("message":"Unknown message type: dance","id":3)"));
  CHECK_FALSE(ended(client));
  CHECK(to_directory.empty());
}

TEST_CASE_METHOD(limits_fixture, "what nests too deep is refused") {
  env.limits.json_depth = 4;
  connect();
  say(R"({"type":"ping","x":[[[]]]})");
  say(R"({"type":"ping","x":[[[[]]]]})");
  auto said = heard();
  REQUIRE(said.size() == 2);
  CHECK(said[0] == R"({"type":"pong"})");
  CHECK(is_error(said[1], "bad_json"));
}

TEST_CASE_METHOD(limits_fixture, "a name of 255 bytes is the longest") {
  connect();
  say(R"({"type":"join","room":")" + std::string(255, 'x') + R"("})");
  CHECK(joins().size() == 1);
  say(R"({"type":"join","room":")" + std::string(256, 'x') + R"("})");
  CHECK(joins().size() == 1);
  REQUIRE(heard().size() == 1);
}

TEST_CASE_METHOD(limits_fixture, "who sends too fast is told when to go on") {
  connect();
  for (auto i = 0; i < 4; ++i)
    say(ping);
  auto said = heard();
  REQUIRE(said.size() == 4);
  CHECK(said[2] == R"({"type":"pong","id":1})");
  CHECK(is_error(said[3], "rate_limited"));
  CHECK(has(said[3], R"("id":1,"retryable":true,"retry_after_ms":100})"));
  CHECK(served() == 4);
  advance(100ms);
  say(ping);
  CHECK(heard() == texts{R"({"type":"pong","id":1})"});
}

TEST_CASE_METHOD(limits_fixture, "what comes too fast goes nowhere") {
  connect();
  enter("r");
  for (auto i = 0; i < 5; ++i)
    say(R"({"type":"chat","room":"r","content":1})");
  CHECK(only<publish>(to_room).size() == 2);
  // The join, and what was refused.
  CHECK(served() == 4);
}

TEST_CASE_METHOD(limits_fixture, "who floods for 10 s is closed with 4006") {
  connect();
  auto lasted = flood(60s);
  CHECK(lasted >= 10s);
  CHECK(lasted <= 11s);
  auto said = heard();
  REQUIRE_FALSE(said.empty());
  CHECK(has(said.back(), R"({"type":"closing","code":4006,)"));
  CHECK(has(said.back(), R"("reconnect":true)"));
  CHECK(sockets[0].closed.at(id).first == close_code::rate_limited);
  REQUIRE(end_of());
  CHECK(end_of()->code == close_code::rate_limited);
}

TEST_CASE_METHOD(limits_fixture, "who floods with pauses is kept") {
  connect();
  CHECK(flood(8s) == 8s);
  advance(2s);
  CHECK(flood(8s) == 8s);
  CHECK_FALSE(ended(client));
}

TEST_CASE_METHOD(limits_fixture, "without a rate all may pass") {
  env.limits.messages_per_second = 0;
  connect();
  CHECK(flood(15s) == 15s);
  CHECK(count_of(heard(), "pong") == 450);
}

TEST_CASE_METHOD(limits_fixture, "too many errors close with 1008") {
  env.limits.messages_per_second = 0;
  connect();
  for (auto text : {"{", R"({"type":1})", R"({"type":"dance"})"})
    say(text);
  CHECK(heard().size() == 3);
  CHECK_FALSE(ended(client));
  say("{");
  auto said = heard();
  REQUIRE_FALSE(said.empty());
  CHECK(has(said.back(), R"({"type":"closing","code":1008,)"));
  CHECK(has(said.back(), R"("reconnect":false)"));
  CHECK(sockets[0].closed.at(id).first == close_code::policy_violation);
  REQUIRE(end_of());
  CHECK(end_of()->code == close_code::policy_violation);
}

TEST_CASE_METHOD(limits_fixture, "errors are forgotten after 10 s") {
  env.limits.messages_per_second = 0;
  connect();
  for (auto round = 0; round < 5; ++round) {
    for (auto i = 0; i < 3; ++i)
      say("{");
    advance(10001ms);
  }
  CHECK_FALSE(ended(client));
}

TEST_CASE_METHOD(limits_fixture, "without a budget every error is kept") {
  env.limits.messages_per_second = 0;
  env.limits.errors = 0;
  connect();
  for (auto i = 0; i < 300; ++i)
    say("{");
  CHECK(heard().size() == 300);
  CHECK(served() == 300);
}

TEST_CASE_METHOD(limits_fixture, "well-formed requests cost no error budget") {
  env.limits.messages_per_second = 0;
  connect();
  for (auto i = 0; i < 20; ++i)
    say(R"({"type":"chat","room":"nowhere","content":1})");
  CHECK_FALSE(ended(client));
  CHECK(count_of(heard(), "not_in_room") == 20);
}

TEST_CASE_METHOD(limits_fixture, "an error of each kind is served once") {
  env.limits.messages_per_second = 0;
  env.limits.errors = 0;
  env.limits.rooms_per_connection = 1;
  connect();
  say("{");
  say(R"({"type":"dance"})");
  say(R"({"type":"chat","room":"a","content":1})");
  say(R"({"type":"join","room":"a"})");
  keep_out("a", "");
  say(R"({"type":"join","room":"a"})");
  let_in("a");
  say(R"({"type":"join","room":"b"})");
  say(R"({"type":"rooms"})");
  CHECK(served() == 7);
}
