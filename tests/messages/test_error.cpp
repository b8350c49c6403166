// SPDX-License-Identifier: MIT
#include "messages/error.hpp"

#include "tests/support/catch.hpp"

#include <caf/error.hpp>
#include <caf/make_message.hpp>
#include <caf/message.hpp>
#include <caf/sec.hpp>

#include <chrono>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

using namespace parlor;

TEST_CASE("the errors are named as in the protocol") {
  CHECK(to_string(ec::bad_json) == "bad_json");
  CHECK(to_string(ec::not_in_room) == "not_in_room");
  CHECK(to_string(ec::internal) == "internal");
}

TEST_CASE("each error has its name, and says whether to try again") {
  const std::vector<std::pair<std::string_view, bool>> all{
    {"none", false},          {"bad_json", false},     {"bad_request", false},
    {"unknown_type", false},  {"unauthorized", false}, {"forbidden", false},
    {"not_in_room", false},   {"user_offline", false}, {"room_full", true},
    {"limit_exceeded", true}, {"rate_limited", true},  {"too_large", false},
    {"timeout", true},        {"unavailable", true},   {"internal", true}};
  for (size_t i = 0; i < all.size(); ++i) {
    auto x = static_cast<ec>(i);
    CHECK(to_string(x) == all[i].first);
    CHECK(retryable(x) == all[i].second);
    CHECK(to_ec(make_error(x)) == x);
  }
}

TEST_CASE("what is none of our errors is unavailable") {
  CHECK(to_ec(caf::error{}) == ec::none);
  CHECK(to_ec(caf::make_error(caf::sec::request_timeout)) == ec::unavailable);
  CHECK(to_ec(make_exit({close_code::normal, "", departure::left}))
        == ec::unavailable);
}

TEST_CASE("those who are sent away together come back one by one") {
  using std::chrono::milliseconds;
  std::set<milliseconds> all;
  for (uint32_t i = 0; i < 1000; ++i) {
    auto when = return_of({0, i, 1});
    CHECK(when >= milliseconds{500});
    CHECK(when < milliseconds{500 + 1024});
    CHECK(when == return_of({0, i, 1}));
    all.insert(when);
  }
  // Few at the same moment, and from the beginning to the end.
  CHECK(all.size() > 500);
  CHECK(*all.begin() < milliseconds{520});
  CHECK(*all.rbegin() > milliseconds{1500});
}

TEST_CASE("each way to leave has its name") {
  CHECK(to_string(departure::left) == "left");
  CHECK(to_string(departure::closed) == "closed");
  CHECK(to_string(departure::timeout) == "timeout");
  CHECK(to_string(departure::node_down) == "node_down");
  CHECK(to_string(departure::kicked) == "kicked");
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
  for (auto why : {departure::left, departure::closed, departure::timeout,
                   departure::node_down, departure::kicked}) {
    auto result = to_farewell(make_exit({close_code::replaced, "tab", why}));
    CHECK(result.code == close_code::replaced);
    CHECK(result.reason == "tab");
    CHECK(result.why == why);
  }
}

TEST_CASE("an exit that is no farewell is an internal error") {
  auto exit = make_exit({close_code::kicked, "x", departure::kicked});
  for (auto reason :
       {caf::error{}, caf::make_error(caf::sec::runtime_error),
        make_error(ec::internal), caf::error{1, exit.category()},
        caf::error{1, exit.category(), caf::make_message(std::string{"x"})},
        caf::error{1, caf::atom("other"), exit.context()}}) {
    auto result = to_farewell(reason);
    CHECK(result.code == close_code::internal_error);
    CHECK(result.reason == "internal error");
    CHECK(result.why == departure::closed);
  }
}
