// SPDX-License-Identifier: MIT
#include "tests/actors/registry_fixture.hpp"
#include "tests/support/catch.hpp"

#include <algorithm>
#include <set>

using namespace parlor;
using namespace parlor::test;

TEST_CASE_METHOD(registry_fixture, "a private message reaches all of one") {
  auto& sender = enter("ann");
  auto& typed = enter("bob");
  auto& action = enter("bob", dialect::action);
  auto& other = enter("carol");
  write(sender, "bob", R"("hi")", "4");
  CHECK(mailed_to(typed)
        == names{R"({"type":"private","to":"bob","content":"hi",)"
                 R"("sender":"ann","timestamp":"2001-09-09T01:46:40.123Z"})"});
  CHECK(mailed_to(action)
        == names{R"({"type":"private","to":"bob","content":"hi",)"
                 R"("user_id":"ann","timestamp":"2001-09-09T01:46:40.123Z"})"});
  CHECK(mailed_to(other).empty());
  CHECK(mailed_to(sender)
        == names{R"({"type":"reply","id":4,"ok":true,"delivered":2})"});
  CHECK(served(sender) == 1);
  CHECK(served(typed) == 0);
}

TEST_CASE_METHOD(registry_fixture, "a private message is one to each thread") {
  auto& sender = enter("ann");
  enter("bob");
  write(sender, "bob", "1");
  CHECK(only<mail>(to_lanes[0]).size() == 1);
  CHECK(only<mail>(to_lanes[1]).empty());
  auto& far = make("carol", dialect::typed);
  far.id = id_of(1, 77);
  ask_in(far);
  write(sender, "carol", "1");
  CHECK(only<mail>(to_lanes[0]).size() == 2);
  REQUIRE(only<mail>(to_lanes[1]).size() == 1);
  CHECK(only<mail>(to_lanes[1])[0].letters.size() == 1);
  CHECK(mailed_to(far).size() == 1);
}

TEST_CASE_METHOD(registry_fixture, "a message is encoded once a dialect") {
  env.limits.max_connections_per_user = 4;
  env.limits.max_connections = 9;
  for (auto speaks :
       {dialect::text, dialect::text, dialect::typed, dialect::typed})
    enter("bob", speaks);
  CHECK(send_to("bob") == 4);
  auto frame_of = [&](size_t i) {
    for (auto& letter : letters())
      if (letter.to == clients[i].id)
        return letter.what;
    return frame{};
  };
  CHECK(frame_of(0).text() == "[Private from server]: hi");
  // Shared, not just equal.
  CHECK(frame_of(0).bytes().data() == frame_of(1).bytes().data());
  CHECK(frame_of(2).bytes().data() == frame_of(3).bytes().data());
}

TEST_CASE_METHOD(registry_fixture, "a message to nobody says so") {
  auto& ann = enter("ann");
  write(ann, "bob", "1");
  CHECK(mailed_to(ann)
        == names{R"({"type":"error","code":"user_offline",)"
                 R"("message":"User is offline: bob","retryable":false})"});
  CHECK(served(ann) == 1);
  CHECK(send_to("bob") == 0);
}

TEST_CASE_METHOD(registry_fixture, "a reply says that nobody was there") {
  auto& ann = enter("ann");
  write(ann, "bob", "1", "4");
  CHECK(mailed_to(ann)
        == names{R"({"type":"reply","id":4,"ok":true,"delivered":0})"});
  CHECK(served(ann) == 1);
}

TEST_CASE_METHOD(registry_fixture, "who wants no reply is served without") {
  auto& ann = enter("ann");
  auto& bob = enter("bob");
  write(ann, "bob", "1");
  CHECK(mailed_to(ann).empty());
  CHECK(served(ann) == 1);
  CHECK(mailed_to(bob).size() == 1);
}

TEST_CASE_METHOD(registry_fixture, "one may write to oneself") {
  auto& ann = enter("ann");
  write(ann, "ann", "1");
  CHECK(mailed_to(ann).size() == 1);
  CHECK(served(ann) == 1);
}

TEST_CASE_METHOD(registry_fixture, "a replaced connection gets no messages") {
  env.limits.max_connections_per_user = 1;
  auto& old = enter("ann");
  enter("ann");
  CHECK(send_to("ann") == 1);
  CHECK(mailed_to(old).empty());
}

TEST_CASE_METHOD(registry_fixture, "a broadcast goes to each thread once") {
  enter("ann");
  auto done = ask<bool>(registry, broadcast{R"("news")", ""});
  REQUIRE(done);
  CHECK(*done);
  for (auto& into : to_lanes) {
    auto sent = only<announcement>(into);
    REQUIRE(sent.size() == 1);
    CHECK(sent[0].what[dialect::typed].text()
          == R"({"type":"system","content":"news",)"
             R"("timestamp":"2001-09-09T01:46:40.123Z"})");
    CHECK(sent[0].what[dialect::typed].text()
          == sent[0].what[dialect::action].text());
    CHECK(sent[0].what[dialect::text].text() == "news");
    CHECK(sent[0].except.empty());
  }
}

TEST_CASE_METHOD(registry_fixture, "a broadcast leaves out a user") {
  auto& one = enter("ann");
  auto& two = enter("ann");
  enter("bob");
  ask<bool>(registry, broadcast{"1", "ann"});
  for (auto& into : to_lanes)
    CHECK(only<announcement>(into).at(0).except == std::vector{one.id, two.id});
}

TEST_CASE_METHOD(registry_fixture, "a broadcast leaves out a connection") {
  enter("ann");
  auto& two = enter("ann");
  ask<bool>(registry, broadcast{"1", to_string(two.id)});
  for (auto& into : to_lanes)
    CHECK(only<announcement>(into).at(0).except == std::vector{two.id});
}

TEST_CASE_METHOD(registry_fixture, "a broadcast may leave out nobody known") {
  enter("ann");
  ask<bool>(registry, broadcast{"1", "nobody"});
  CHECK(only<announcement>(to_lanes[0]).at(0).except.empty());
}

TEST_CASE_METHOD(registry_fixture, "a kicked user loses every connection") {
  auto& one = enter("ann");
  auto& two = enter("ann");
  auto& bob = enter("bob");
  auto kicked = ask<uint64_t>(registry, kick_user{user_id{"ann"}});
  REQUIRE(kicked);
  CHECK(*kicked == 2);
  for (auto* x : {&one, &two}) {
    auto told = x->dismissals();
    REQUIRE(told.size() == 1);
    CHECK(told[0].code == close_code::kicked);
    CHECK(told[0].why == departure::kicked);
  }
  CHECK(bob.heard.empty());
  CHECK(*ask<uint64_t>(registry, kick_user{user_id{"nobody"}}) == 0);
}

TEST_CASE_METHOD(registry_fixture, "a kicked connection is the only one") {
  auto& one = enter("ann");
  auto& two = enter("ann");
  auto kicked = ask<bool>(registry, kick_connection{one.id});
  REQUIRE(kicked);
  CHECK(*kicked);
  REQUIRE(one.dismissals().size() == 1);
  CHECK(one.dismissals()[0].code == close_code::kicked);
  CHECK(two.heard.empty());
  CHECK_FALSE(*ask<bool>(registry, kick_connection{id_of(0, 99)}));
  CHECK_FALSE(*ask<bool>(registry, kick_connection{{}}));
}

TEST_CASE_METHOD(registry_fixture, "nobody is told to go twice") {
  auto& ann = enter("ann");
  ask<uint64_t>(registry, kick_user{user_id{"ann"}});
  ask<bool>(registry, kick_connection{ann.id});
  ask<uint64_t>(registry, kick_user{user_id{"ann"}});
  close();
  CHECK(ann.dismissals().size() == 1);
}

TEST_CASE_METHOD(registry_fixture, "at closing time everyone is sent home") {
  auto& ann = enter("ann");
  auto& bob = enter("bob");
  close();
  for (auto* x : {&ann, &bob}) {
    auto told = x->dismissals();
    REQUIRE(told.size() == 1);
    CHECK(told[0].code == close_code::service_restart);
    // PROTOCOL 4: back after `retry_after_ms`.
    CHECK(told[0].retry_after_ms > 0);
  }
  CHECK(closed == 0);
  vanish(ann);
  CHECK(closed == 0);
  vanish(bob);
  CHECK(closed == 1);
}

TEST_CASE_METHOD(registry_fixture, "so many a second are sent home") {
  env.limits.drain_rate = 20;
  env.limits.max_connections = 5;
  std::vector<client*> all;
  for (auto name : {"a", "b", "c", "d", "e"})
    all.push_back(&enter(name));
  auto gone = [&] {
    return std::ranges::count_if(
      all, [](auto* x) { return !x->dismissals().empty(); });
  };
  tell(registry, closing_time{});
  CHECK(gone() == 2);
  advance(drain_pause);
  CHECK(gone() == 4);
  advance(drain_pause);
  CHECK(gone() == 5);
  std::set<uint64_t> returns;
  for (auto* x : all)
    returns.insert(x->dismissals()[0].retry_after_ms);
  CHECK(returns == std::set<uint64_t>{500, 550, 600, 650, 700});
}

TEST_CASE_METHOD(registry_fixture, "few a second are as many as it says") {
  env.limits.drain_rate = 4;
  env.limits.max_connections = 10;
  std::vector<client*> all;
  for (auto i = 0; i < 10; ++i)
    all.push_back(&enter(("user " + std::to_string(i)).c_str()));
  auto gone = [&] {
    return std::ranges::count_if(
      all, [](auto* x) { return !x->dismissals().empty(); });
  };
  tell(registry, closing_time{});
  CHECK(gone() == 1);
  for (auto i = 0; i < 9; ++i)
    advance(drain_pause);
  CHECK(gone() == 4);
  for (auto i = 0; i < 10; ++i)
    advance(drain_pause);
  CHECK(gone() == 8);
}

TEST_CASE_METHOD(registry_fixture, "all are sent home in time") {
  env.limits.drain_rate = 1;
  env.limits.max_connections = 40;
  std::vector<client*> all;
  for (auto i = 0; i < 40; ++i)
    all.push_back(&enter(("user " + std::to_string(i)).c_str()));
  tell(registry,
       closing_time{close_code::service_restart, std::chrono::seconds{1}});
  for (auto i = 0; i < 8; ++i)
    advance(drain_pause);
  for (auto* x : all)
    CHECK(x->dismissals().size() == 1);
}

TEST_CASE_METHOD(registry_fixture, "closing time may be a going away") {
  auto& ann = enter("ann");
  close(close_code::going_away);
  REQUIRE(ann.dismissals().size() == 1);
  CHECK(ann.dismissals()[0].code == close_code::going_away);
}

TEST_CASE_METHOD(registry_fixture, "an empty house closes at once") {
  close();
  CHECK(closed == 1);
}

TEST_CASE_METHOD(registry_fixture, "nobody is let in at closing time") {
  auto& ann = enter("ann");
  close();
  auto& late = enter("bob");
  REQUIRE(late.dismissals().size() == 1);
  CHECK(late.dismissals()[0].code == close_code::service_restart);
  CHECK(only<welcome>(to_directory).size() == 1);
  vanish(ann);
  CHECK(closed == 1);
}

TEST_CASE_METHOD(registry_fixture, "who comes when all have gone is refused") {
  close();
  CHECK(closed == 1);
  auto& late = enter("ann");
  REQUIRE(late.dismissals().size() == 1);
  CHECK(late.dismissals()[0].code == close_code::service_restart);
  CHECK(stats().connections == 0);
}

TEST_CASE_METHOD(registry_fixture, "who was told to go before is waited for") {
  env.limits.max_connections_per_user = 1;
  auto& old = enter("ann");
  auto& fresh = enter("ann");
  close();
  vanish(fresh);
  CHECK(closed == 0);
  vanish(old);
  CHECK(closed == 1);
}
