// SPDX-License-Identifier: MIT
#include "messages/error.hpp"

#include "tests/support/catch.hpp"

#include <caf/error.hpp>
#include <caf/sec.hpp>

using namespace parlor;

TEST_CASE("the errors are named as in the protocol") {
  CHECK(to_string(ec::bad_json) == "bad_json");
  CHECK(to_string(ec::not_in_room) == "not_in_room");
  CHECK(to_string(ec::internal) == "internal");
}

TEST_CASE("whether a client reconnects follows from the close code") {
  for (auto code : {1001, 1006, 1011, 1012, 1013, 4002, 4003, 4006, 4008, 4009})
    CHECK(reconnects(static_cast<close_code>(code)));
  for (auto code : {1000, 1002, 1003, 1007, 1008, 1009, 4000, 4001, 4004})
    CHECK(!reconnects(static_cast<close_code>(code)));
}

TEST_CASE("a close has the verdict of the seeds") {
  CHECK(verdict(close_code::normal) == "clean close");
  CHECK(verdict(close_code::going_away) == "client navigated away");
  CHECK(verdict(close_code::abnormal) == "abnormal close");
  CHECK(verdict(close_code::kicked) == "disconnect");
}

TEST_CASE("a farewell survives as an exit reason") {
  for (auto why : {departure::left, departure::kicked}) {
    auto result = to_farewell(make_exit({close_code::replaced, "tab", why}));
    CHECK(result.code == close_code::replaced);
    CHECK(result.reason == "tab");
    CHECK(result.why == why);
  }
}

TEST_CASE("an exit that is no farewell is an internal error") {
  for (auto reason : {caf::error{}, caf::make_error(caf::sec::runtime_error)}) {
    auto result = to_farewell(reason);
    CHECK(result.code == close_code::internal_error);
    CHECK(result.reason == "internal error");
    CHECK(result.why == departure::closed);
  }
}
