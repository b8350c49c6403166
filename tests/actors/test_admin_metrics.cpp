// SPDX-License-Identifier: MIT
#include "tests/actors/admin_fixture.hpp"

using namespace parlor;
using namespace parlor::test;
using namespace std::chrono_literals;

namespace {

struct metrics_fixture : admin_fixture {
  /// A lane for each thread, for an admin of its own.
  std::vector<lane_actor> spawn_lanes() {
    return {spawn<lane_state>(&sockets[0], uint8_t{0}),
            spawn<lane_state>(&sockets[1], uint8_t{1})};
  }

  std::string page() { return http(api_call::metrics).body; }

  /// The page of an admin who waits for somebody that is silent.
  std::string late(const admin_actor& whom) {
    auto log = ask_soon(whom, api_call::metrics);
    run();
    CHECK(log->all.empty());
    advance(ready_patience - 1ms);
    CHECK(log->all.empty());
    advance(1ms);
    REQUIRE(log->all.size() == 1);
    advance(10 * admin_patience);
    REQUIRE(log->all.size() == 1);
    return log->all[0].body;
  }
};

} // namespace

TEST_CASE_METHOD(metrics_fixture, "a scrape is answered as text") {
  auto answer = http(api_call::metrics);
  CHECK(answer.status == 200);
  CHECK(answer.type == "text/plain; version=0.0.4; charset=utf-8");
  CHECK(has(answer.body, "parlor_node_up{node=\"local\"} 1\n"));
  CHECK(has(answer.body, "parlor_io_thread_up{thread=\"1\"} 1\n"));
  CHECK(state_of<admin_state>(core.admin).surveys.empty());
}

TEST_CASE_METHOD(metrics_fixture, "gauges are what there is") {
  connect("ann", {"r"});
  connect("ann", {"r", "s"});
  connect("bob");
  auto text = page();
  CHECK(has(text, "parlor_connections 3\n"));
  CHECK(has(text, "parlor_users 2\n"));
  CHECK(has(text, "parlor_rooms 2\n"));
  CHECK(has(text, "parlor_connections_limit 1000\n"));
}

TEST_CASE_METHOD(metrics_fixture, "the canary is in no metric") {
  auto before = page();
  for (auto i = 0; i < 5; ++i)
    CHECK(http(api_call::health_ready).status == 200);
  CHECK(page() == before);
  CHECK(has(before, "parlor_rooms 0\n"));
}

TEST_CASE_METHOD(metrics_fixture, "the threads' counts are summed") {
  sockets[0].counts().opened = 3;
  sockets[1].counts().opened = 4;
  sockets[0].counts().fanout.add(1ms);
  sockets[1].counts().fanout.add(1s);
  auto text = page();
  CHECK(has(text, "parlor_connections_opened_total 7\n"));
  CHECK(has(text, "parlor_fanout_seconds_sum 1.001\n"));
  CHECK(has(text, "parlor_fanout_seconds_count 2\n"));
}

TEST_CASE_METHOD(metrics_fixture, "a silent thread is told, and not awaited") {
  sockets[0].counts().opened = 3;
  auto admin = admin_of(
    core.directory, core.registry,
    {spawn<lane_state>(&sockets[0], uint8_t{0}), spawn_silent<lane_actor>()});
  auto text = late(admin);
  CHECK(has(text, "parlor_io_thread_up{thread=\"0\"} 1\n"));
  CHECK(has(text, "parlor_io_thread_up{thread=\"1\"} 0\n"));
  CHECK(has(text, "parlor_node_up{node=\"local\"} 0\n"));
  CHECK(has(text, "parlor_connections 0\n"));
  CHECK(has(text, "parlor_connections_opened_total 3\n"));
}

TEST_CASE_METHOD(metrics_fixture, "no sum falls when a thread falls silent") {
  auto lanes = spawn_lanes();
  auto admin = admin_of(core.directory, core.registry, lanes);
  sockets[0].counts().opened = 3;
  sockets[1].counts().opened = 4;
  auto log = ask_soon(admin, api_call::metrics);
  run();
  REQUIRE(log->all.size() == 1);
  CHECK(has(log->all[0].body, "parlor_connections_opened_total 7\n"));
  sockets[0].counts().opened = 5;
  end(lanes[1], caf::exit_reason::kill);
  log = ask_soon(admin, api_call::metrics);
  run();
  REQUIRE(log->all.size() == 1);
  CHECK(has(log->all[0].body, "parlor_connections_opened_total 9\n"));
  CHECK(has(log->all[0].body, "parlor_io_thread_up{thread=\"1\"} 0\n"));
}

TEST_CASE_METHOD(metrics_fixture, "a silent registry costs its numbers alone") {
  auto text = late(
    admin_of(core.directory, spawn_silent<registry_actor>(), spawn_lanes()));
  CHECK(!has(text, "parlor_connections "));
  CHECK(has(text, "parlor_rooms 0\n"));
  CHECK(has(text, "parlor_node_up{node=\"local\"} 0\n"));
  CHECK(has(text, "parlor_io_thread_up{thread=\"1\"} 1\n"));
}

TEST_CASE_METHOD(metrics_fixture, "a silent directory costs its number alone") {
  auto text = late(
    admin_of(spawn_silent<directory_actor>(), core.registry, spawn_lanes()));
  CHECK(has(text, "parlor_connections 0\n"));
  CHECK(!has(text, "parlor_rooms"));
  CHECK(has(text, "parlor_node_up{node=\"local\"} 0\n"));
}

TEST_CASE_METHOD(metrics_fixture, "the process is looked at where one can") {
  CHECK(!has(page(), "process_open_fds"));
  env.look_at_process = [] {
    return process_vitals{4096, 8192, 11, 1024, 0.25};
  };
  core = spawn_core(system, env);
  adopt(core.directory);
  adopt(core.registry);
  adopt(core.admin);
  auto text = page();
  CHECK(has(text, "process_open_fds 11\n"));
  CHECK(has(text, "process_cpu_seconds_total 0.25\n"));
}

TEST_CASE_METHOD(metrics_fixture, "a silent meter costs its numbers alone") {
  auto admin = spawn<admin_state>(admin_options{&env, core.directory,
                                                core.registry, spawn_lanes(),
                                                spawn_silent<meter_actor>()});
  auto text = late(admin);
  CHECK(has(text, "parlor_node_up{node=\"local\"} 1\n"));
  CHECK(!has(text, "process_open_fds"));
}
