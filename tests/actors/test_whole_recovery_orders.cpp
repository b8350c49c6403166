// SPDX-License-Identifier: MIT
#include "tests/actors/invariants.hpp"
#include "tests/actors/orders.hpp"
#include "tests/support/catch.hpp"

#include <algorithm>
#include <chrono>

using namespace parlor;
using namespace parlor::test;

namespace {

/// Two connections of a user send the same message, and one of them again.
struct key_meets_itself : whole_fixture {
  key_meets_itself() {
    first = &connect("ann");
    second = &connect("ann");
    other = &connect("bob");
    for (auto one : {first, second, other})
      say(*one, join_of("r"));
  }

  static std::string keyed(const char* request) {
    return R"({"type":"chat","room":"r","content":1,"key":"k","id":)"
           + std::string{request} + "}";
  }

  void act() {
    say_soon(*first, keyed("7"));
    say_soon(*second, keyed("8"));
    say_soon(*first, keyed("9"));
  }

  /// What the reply to this request says.
  static std::string answer(const texts& heard, const char* request) {
    auto begin = R"({"type":"reply","id":)" + std::string{request} + ",";
    for (auto& text : heard)
      if (text.starts_with(begin))
        return text.substr(begin.size());
    return {};
  }

  void check() {
    check_indexes(*this);
    check_logs(*this, "r");
    check_service(*this);
    CHECK(count_of(take(other->id), R"("content":1)") == 1);
    auto heard = take(first->id);
    auto told = answer(heard, "7");
    CHECK(has(told, R"("seq":3,)"));
    CHECK(answer(heard, "9") == told);
    CHECK(answer(take(second->id), "8") == told);
  }

  client* first;
  client* second;
  client* other;
};

/// Someone leaves and comes back for what was missed, as others speak. What it
/// hears before and after has no hole and no double.
struct recovery_meets_talk : whole_fixture {
  recovery_meets_talk() {
    first = &connect("ann");
    second = &connect("bob");
    say(*first, join_of("r"));
    say(*second, join_of("r"));
    epoch = value_of(take(second->id).back(), "epoch");
    say(*second, leave_of("r"));
    take(second->id);
  }

  void act() {
    say_soon(*first, chat_of("r", "1"));
    say_soon(*second, R"({"type":"join","room":"r","id":7,"since":{"epoch":)"
                        + epoch + R"(,"seq":2}})");
    say_soon(*first, chat_of("r", "2"));
  }

  void check() {
    check_indexes(*this);
    check_service(*this);
    auto heard = take(second->id);
    REQUIRE(heard.size() >= 2);
    REQUIRE(has(heard[0], R"("recovered":true)"));
    uint64_t own = std::stoull(value_of(heard[0], "seq"));
    uint64_t last = 2;
    for (size_t i = 1; i < heard.size(); ++i) {
      auto seq = std::stoull(value_of(heard[i], "seq"));
      last += last + 1 == own ? 2 : 1;
      REQUIRE(seq == last);
    }
    auto room = room_named("r");
    REQUIRE(room);
    CHECK(std::max(last, own) == state_of<room_state>(room).order.seq());
  }

  client* first;
  client* second;
  std::string epoch;
};

/// A room's history expires as its last member speaks and goes, and comes back.
struct talk_meets_expiry : whole_fixture {
  talk_meets_expiry() {
    only = &connect("ann", {"r"});
    say(*only, chat_of("r", "1"));
    take(only->id);
  }

  void act() {
    scheduler().advance_time(
      std::chrono::duration_cast<caf::timespan>(env.limits.history_ttl));
    say_soon(*only, chat_of("r", "2"));
    say_soon(*only, leave_of("r"));
    say_soon(*only, R"({"type":"join","room":"r","id":7,"rewind":9})");
  }

  void check() {
    check_indexes(*this);
    check_service(*this);
    auto heard = take(only->id);
    CHECK(count_of(heard, R"("content":1)") == 0);
    CHECK(count_of(heard, R"("content":2)") == 2);
    CHECK(count_of(heard, R"("replayed":1)") == 1);
  }

  client* only;
};

/// The last member of a room is back within its grace, as that ends.
struct return_meets_grace : whole_fixture {
  return_meets_grace() {
    env.limits.presence_grace = std::chrono::seconds{2};
    env.limits.history_size = 0;
    gone = &connect("ann", {"r"});
    hang_up(*gone);
    back = &connect("ann");
  }

  void act() {
    scheduler().advance_time(std::chrono::seconds{2});
    say_soon(*back, join_of("r"));
  }

  void check() {
    check_indexes(*this);
    check_service(*this);
    auto room = room_named("r");
    REQUIRE(room);
    auto& state = state_of<room_state>(room);
    CHECK(state.absent.size() == 0);
    CHECK(state.members.users() == std::vector{user_id{"ann"}});
    CHECK(state.members.size() == 1);
  }

  client* gone;
  client* back;
};

} // namespace

TEST_CASE("a message sent again is told once, in every order") {
  CHECK(in_every_order<key_meets_itself>() > 10);
}

TEST_CASE("what was missed is told without hole or double, in every order") {
  CHECK(in_every_order<recovery_meets_talk>() > 20);
}

TEST_CASE("a history's end agrees with who speaks, in every order") {
  CHECK(in_every_order<talk_meets_expiry>() > 20);
}

TEST_CASE("who is back when a grace ends is in, in every order") {
  CHECK(in_every_order<return_meets_grace>() > 3);
}
