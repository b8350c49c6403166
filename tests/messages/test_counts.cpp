// SPDX-License-Identifier: MIT
#include "messages/counts.hpp"

#include "messages/wire/encode.hpp"
#include "tests/support/catch.hpp"

#include <limits>
#include <set>

using namespace parlor;
using namespace std::chrono_literals;

TEST_CASE("each known close code is counted alone, all others together") {
  std::set<size_t> places;
  for (auto code : counted_closes)
    places.insert(index_of(code));
  CHECK(places.size() == counted_closes.size());
  CHECK(*places.rbegin() == counted_closes.size() - 1);
  size_t others = 0;
  for (unsigned code = 0; code <= std::numeric_limits<uint16_t>::max(); ++code)
    others += index_of(close_code(code)) == counted_closes.size();
  CHECK(others == 65536 - counted_closes.size());
}

TEST_CASE("a time is counted in the first step that it is not above") {
  duration_counts x;
  x.add(0ns);
  x.add(100us);
  x.add(100001ns);
  x.add(2500ms);
  x.add(2500000001ns);
  x.add(1h);
  CHECK(x.steps.front() == 2);
  CHECK(x.steps[1] == 1);
  CHECK(x.steps[13] == 1);
  CHECK(x.steps.back() == 2);
  CHECK(x.sum == 1h + 5000ms + 200002ns);
}

TEST_CASE("what two threads have counted is added up") {
  thread_counts one;
  one.opened = 1;
  one.closed[3] = 2;
  one.received[4] = 3;
  one.sent[5] = 4;
  one.dropped[2] = 5;
  one.bytes_received = 6;
  one.bytes_sent = 7;
  one.recovers = {8, 9};
  one.fanout.add(1s);
  one.outbox_bytes = 10;
  auto sum = one;
  sum.add(one);
  CHECK(sum.opened == 2);
  CHECK(sum.closed[3] == 4);
  CHECK(sum.received[4] == 6);
  CHECK(sum.sent[5] == 8);
  CHECK(sum.dropped[2] == 10);
  CHECK(sum.bytes_received == 12);
  CHECK(sum.bytes_sent == 14);
  CHECK(sum.recovers == std::array<uint64_t, 2>{16, 18});
  CHECK(sum.fanout.sum == 2s);
  CHECK(sum.outbox_bytes == 20);
}

namespace {

template <class Event>
frame_kind kind_of(const Event& x, dialect to = dialect::typed) {
  auto made = wire::encode(x, to);
  REQUIRE(!made.empty());
  return made.kind();
}

/// What the frame itself says that it is.
template <class Event>
void check_name(const Event& x) {
  auto made = wire::encode(x, dialect::typed);
  std::string begin = R"({"type":")";
  begin.append(frame_kind_names[index_of(made.kind())]).append("\"");
  INFO(made.text());
  CHECK(made.text().starts_with(begin));
}

} // namespace

TEST_CASE("a frame is of the kind that it says") {
  room_name room{"r"};
  user_id user{"ann"};
  request_id id{"1"};
  check_name(event::connected{user, "[]", {}, "local", 0ms});
  check_name(event::chat{room, user, "1", {}, 1});
  check_name(event::joined{room, user, {}, 1});
  check_name(event::left{room, user, departure::left, 1});
  check_name(event::private_message{user, user, "1", {}});
  check_name(event::system_notice{"1", {}});
  check_name(event::skip{room, 1});
  check_name(event::room_reset{room, {1, 1}, 1});
  check_name(event::members_count{room, 1});
  check_name(event::signal{room, user, "n", "1"});
  check_name(event::presence_state{room, 0, {}});
  check_name(event::presence_diff{room, 0, {}});
  check_name(event::closing{close_code::normal, "", {}});
  check_name(event::error{ec::internal, "", {}, {}});
  check_name(event::pong{});
  check_name(event::token_expiring{});
  check_name(event::done_reply{id, room});
  check_name(event::publish_reply{id, 1, {1, 1}});
}

TEST_CASE("a frame is of the same kind in every dialect") {
  room_name room{"r"};
  user_id user{"ann"};
  for (auto to : all_dialects) {
    CHECK(kind_of(event::chat{room, user, "1", {}, 1}, to) == frame_kind::chat);
    CHECK(kind_of(event::joined{room, user, {}, 1}, to)
          == frame_kind::user_joined);
    CHECK(kind_of(event::left{room, user, departure::left, 1}, to)
          == frame_kind::user_left);
    CHECK(kind_of(event::private_message{user, user, "1", {}}, to)
          == frame_kind::private_message);
    CHECK(kind_of(event::system_notice{"1", {}}, to) == frame_kind::system);
    CHECK(kind_of(event::error{ec::internal, "x", {}, {}}, to)
          == frame_kind::error);
  }
  CHECK(frame{}.kind() == frame_kind::unnamed);
}
