// SPDX-License-Identifier: MIT
#include "tests/actors/admin_fixture.hpp"

using namespace parlor;
using namespace parlor::test;
using namespace std::chrono_literals;

namespace {

/// A directory that knows these rooms.
directory_actor spawn_directory_of(actor_fixture& x, room_list rooms) {
  auto made = x.spawn_function([=](caf::event_based_actor*, int) {
    return caf::behavior{[=](atom::occupied) { return rooms; },
                         [=](const room_lookup&) { return rooms; }};
  });
  x.adopt(made);
  x.run();
  return caf::actor_cast<directory_actor>(made);
}

/// A request whose answer is late: none until the time is up, then one.
struct silence_fixture : admin_fixture {
  /// Handles messages, but none of this actor's, as if its thread were stuck.
  template <class Handle>
  void run_all_but(const Handle& whom) {
    auto* held = dynamic_cast<caf::resumable*>(
      caf::actor_cast<caf::abstract_actor*>(whom));
    scheduler().run_jobs_filtered(
      [&](caf::resumable* job) { return job != held; });
  }

  template <class Handle>
  void advance_all_but(const Handle& whom, std::chrono::nanoseconds by) {
    scheduler().advance_time(std::chrono::duration_cast<caf::timespan>(by));
    run_all_but(whom);
  }

  api_answer late(const admin_actor& whom, api_call call,
                  std::string subject = {}, std::string body = {}) {
    auto patience = call == api_call::health_ready ? ready_patience
                                                   : admin_patience;
    auto log = ask_soon(whom, call, std::move(subject), std::move(body));
    run();
    CHECK(log->all.empty());
    advance(patience - std::chrono::milliseconds{1});
    CHECK(log->all.empty());
    advance(std::chrono::milliseconds{1});
    REQUIRE(log->all.size() == 1);
    advance(10 * admin_patience);
    REQUIRE(log->all.size() == 1);
    return log->all[0];
  }
};

} // namespace

TEST_CASE_METHOD(silence_fixture, "a node that lives is live and ready") {
  auto live = http(api_call::health_live);
  CHECK(live.status == 200);
  CHECK(has(live.body, R"("status":"live")"));
  auto ready = http(api_call::health_ready);
  CHECK(ready.status == 200);
  CHECK(has(ready.body, R"("status":"ready")"));
  CHECK(has(ready.body, R"("loop_lag_ms":)"));
  CHECK(http(api_call::rooms).body == R"({"rooms":[]})");
}

TEST_CASE_METHOD(silence_fixture, "a silent registry is not ready") {
  auto admin = admin_of(core.directory, spawn_silent<registry_actor>());
  auto ready = late(admin, api_call::health_ready);
  CHECK(is_problem(ready, 503));
  CHECK(has(ready.body, "The registry does not answer"));
}

TEST_CASE_METHOD(silence_fixture, "a silent directory is not ready") {
  auto admin = admin_of(spawn_silent<directory_actor>(), core.registry);
  auto ready = late(admin, api_call::health_ready);
  CHECK(is_problem(ready, 503));
  CHECK(has(ready.body, "The canary room does not answer"));
}

TEST_CASE_METHOD(silence_fixture, "a thread that does not turn is not ready") {
  auto admin = admin_of(core.directory, core.registry,
                        {spawn_silent<lane_actor>()});
  auto ready = late(admin, api_call::health_ready);
  CHECK(is_problem(ready, 503));
  CHECK(has(ready.body, "An I/O thread does not turn"));
}

TEST_CASE_METHOD(silence_fixture, "a slow part leaves less for the next") {
  auto admin = admin_of(spawn_silent<directory_actor>(), core.registry);
  auto log = ask_soon(admin, api_call::health_ready);
  run_all_but(core.registry);
  advance_all_but(core.registry, ready_patience - 10ms);
  run();
  CHECK(log->all.empty());
  advance(10ms);
  REQUIRE(log->all.size() == 1);
  CHECK(has(log->all[0].body, "The canary room does not answer"));
}

TEST_CASE_METHOD(silence_fixture,
                 "a full mailbox is not ready until it is read") {
  for (auto i = 0; i < 10000; ++i)
    caf::anon_send(core.registry, state_query{});
  auto log = ask_soon(core.admin, api_call::health_ready);
  auto live = ask_soon(core.admin, api_call::health_live);
  run_all_but(core.registry);
  advance_all_but(core.registry, ready_patience);
  REQUIRE(log->all.size() == 1);
  CHECK(is_problem(log->all[0], 503));
  CHECK(has(log->all[0].body, "The registry does not answer"));
  REQUIRE(live->all.size() == 1);
  CHECK(live->all[0].status == 200);
  run();
  CHECK(http(api_call::health_ready).status == 200);
}

TEST_CASE_METHOD(silence_fixture, "a dead registry is not ready") {
  end(core.registry, caf::sec::runtime_error);
  CHECK(is_problem(http(api_call::health_ready), 503));
}

TEST_CASE_METHOD(silence_fixture, "a node that closes is not ready") {
  connect("ann");
  auto& held = clients.back();
  // Its end is not handled yet when the question comes.
  caf::anon_send(core.registry, closing_time{});
  scheduler().run_once();
  auto log = ask_soon(core.admin, api_call::health_ready);
  run_all_but(held.handle);
  advance(ready_patience);
  REQUIRE(log->all.size() == 1);
  CHECK(is_problem(log->all[0], 503));
}

TEST_CASE_METHOD(silence_fixture, "liveness asks nobody") {
  auto admin = admin_of(spawn_silent<directory_actor>(),
                        spawn_silent<registry_actor>());
  auto log = ask_soon(admin, api_call::health_live);
  run();
  REQUIRE(log->all.size() == 1);
  CHECK(log->all[0].status == 200);
}

TEST_CASE_METHOD(silence_fixture, "a silent registry is 503 for all that ask") {
  auto admin = admin_of(core.directory, spawn_silent<registry_actor>());
  for (auto call : {api_call::stats, api_call::users, api_call::user,
                    api_call::kick_connection, api_call::kick_user})
    CHECK(is_problem(late(admin, call, "0000000100000001"), 503));
  CHECK(is_problem(
    late(admin, api_call::send, "", R"({"user":"x","content":1})"), 503));
  CHECK(
    is_problem(late(admin, api_call::broadcast, "", R"({"content":1})"), 503));
  CHECK(
    is_problem(late(admin, api_call::disconnect, "", R"({"user":"x"})"), 503));
}

TEST_CASE_METHOD(silence_fixture, "a silent room is left out, and that said") {
  connect("ann", {"r"});
  room_list rooms{{{room_name{"r"}, room_named("r")},
                   {room_name{"silent"}, spawn_silent<room_actor>()}}};
  auto admin = admin_of(spawn_directory_of(*this, rooms), core.registry);
  auto shown = late(admin, api_call::connections);
  CHECK(shown.status == 200);
  CHECK(has(shown.body, R"("total":1)"));
  CHECK(has(shown.body, R"("users_per_room":{"r":["ann"])"));
  CHECK(has(shown.body, R"("status":"incomplete")"));
  auto listed = late(admin, api_call::rooms);
  CHECK(listed.status == 200);
  CHECK(has(listed.body, R"({"room":"r","users":1,"connections":1})"));
}

TEST_CASE_METHOD(silence_fixture, "a silent room alone is 503") {
  room_list rooms{{{room_name{"r"}, spawn_silent<room_actor>()}}};
  auto admin = admin_of(spawn_directory_of(*this, rooms), core.registry);
  CHECK(is_problem(late(admin, api_call::room, "r"), 503));
}

TEST_CASE_METHOD(silence_fixture, "a room that ends meanwhile is left out") {
  connect("ann", {"r"});
  auto gone = spawn_silent<room_actor>();
  end(gone, caf::exit_reason::kill);
  room_list rooms{
    {{room_name{"r"}, room_named("r")}, {room_name{"gone"}, gone}}};
  auto admin = admin_of(spawn_directory_of(*this, rooms), core.registry);
  auto log = ask_soon(admin, api_call::connections);
  run();
  advance(10 * admin_patience);
  REQUIRE(log->all.size() == 1);
  CHECK(has(log->all[0].body, R"("users_per_room":{"r":["ann"])"));
}

TEST_CASE_METHOD(silence_fixture, "requests at once are each answered once") {
  connect("ann", {"r"});
  std::vector<std::shared_ptr<answer_log>> logs;
  for (auto round = 0; round < 10; ++round)
    for (auto call : {api_call::connections, api_call::connections_detail,
                      api_call::rooms, api_call::stats, api_call::users,
                      api_call::health_ready, api_call::health_live})
      logs.push_back(ask_soon(core.admin, call));
  run();
  advance(10 * admin_patience);
  for (auto& log : logs) {
    REQUIRE(log->all.size() == 1);
    CHECK(log->all[0].status == 200);
  }
  CHECK(state_of<admin_state>(core.admin).surveys.empty());
}
