// SPDX-License-Identifier: MIT
#include "actors/event_loop.hpp"

#include "actors/backlog.hpp"
#include "actors/pinned.hpp"
#include "messages/time_slice.hpp"
#include "tests/support/catch.hpp"

#include <boost/asio/post.hpp>
#include <caf/actor_cast.hpp>
#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/scoped_actor.hpp>
#include <caf/send.hpp>
#include <caf/typed_actor.hpp>

#include <atomic>
#include <chrono>
#include <future>
#include <thread>

using namespace parlor;
using namespace std::chrono_literals;

namespace {

/// Takes numbers from a sender, and is told by 0 to say that it is done.
using sink_actor = caf::typed_actor<caf::reacts_to<uint32_t, uint64_t>>;

/// Sends numbers from 1 on to a sink, some at a time.
using source_actor = caf::typed_actor<caf::reacts_to<uint64_t>>;

/// What has come to a sink; read it once `done` is ready.
struct tally {
  std::array<uint64_t, 4> last{};
  uint64_t count = 0;
  bool in_order = true;
  bool on_own_thread = true;
  std::thread::id thread;
  std::promise<void> done;
};

struct sink_state {
  using actor_type = sink_actor;
  static constexpr const char* name = "sink";

  sink_state(actor_type::pointer ptr, tally* to, uint64_t expected)
    : self{ptr}, into{to}, missing{expected} {}

  actor_type::behavior_type make_behavior() {
    into->thread = std::this_thread::get_id();
    return {[this](uint32_t from, uint64_t number) { take(from, number); }};
  }

  void take(uint32_t from, uint64_t number) {
    into->in_order &= number == ++into->last[from];
    into->on_own_thread &= into->thread == std::this_thread::get_id();
    ++into->count;
    if (--missing == 0) {
      into->done.set_value();
      self->quit();
    }
  }

  actor_type::pointer self;
  tally* into;
  uint64_t missing;
};

/// Counts what comes, for another thread to see.
struct counter_state {
  using actor_type = sink_actor;
  static constexpr const char* name = "counter";

  counter_state(actor_type::pointer, std::atomic<uint64_t>* to) : heard{to} {}

  actor_type::behavior_type make_behavior() {
    return {[this](uint32_t, uint64_t) { ++*heard; }};
  }

  std::atomic<uint64_t>* heard;
};

struct source_state {
  using actor_type = source_actor;
  static constexpr const char* name = "source";

  source_state(actor_type::pointer ptr, uint32_t number,
               std::vector<sink_actor> whom, uint64_t last)
    : self{ptr}, from{number}, to{std::move(whom)}, most{last} {}

  actor_type::behavior_type make_behavior() {
    return {[this](uint64_t next) { send(next); }};
  }

  void send(uint64_t next) {
    for (auto end = std::min(next + 50, most + 1); next < end; ++next)
      for (auto& sink : to)
        self->send(sink, from, next);
    if (next <= most)
      self->send(self, next);
    else
      self->quit();
  }

  actor_type::pointer self;
  uint32_t from;
  std::vector<sink_actor> to;
  uint64_t most;
};

/// Messages in one turn; its loop's thread alone looks at it until it stops.
struct work_count {
  uint64_t now = 0;
  uint64_t most = 0;

  void end_turn() {
    most = std::max(most, now);
    now = 0;
  }
};

void spend(std::chrono::microseconds time) {
  auto end = std::chrono::steady_clock::now() + time;
  while (std::chrono::steady_clock::now() < end)
    continue;
}

/// Is never idle, and takes its time for each message.
struct busy_state {
  using actor_type = source_actor;
  static constexpr const char* name = "busy";

  busy_state(actor_type::pointer ptr, work_count* to) : self{ptr}, count{to} {}

  actor_type::behavior_type make_behavior() {
    return {[this](uint64_t next) {
      spend(100us);
      ++count->now;
      self->send(self, next + 1);
    }};
  }

  actor_type::pointer self;
  work_count* count;
};

/// Two loops, each with a thread of its own from `start` on.
struct loop_fixture {
  loop_fixture() {
    for (size_t i = 0; i < loops.size(); ++i)
      loops[i].at_end_of_turn([this, i] { ++turns[i]; });
  }

  ~loop_fixture() { stop(); }

  void start() {
    for (auto& loop : loops)
      threads.emplace_back([&loop] { loop.run(); });
  }

  void stop() {
    for (auto& loop : loops)
      loop.stop();
    for (auto& thread : threads)
      thread.join();
    threads.clear();
  }

  /// Runs something on a loop's thread, and waits for its end.
  template <class F>
  void on(event_loop& loop, F what) {
    std::promise<void> done;
    auto waiting = done.get_future();
    boost::asio::post(loop.io(), [&] {
      what();
      done.set_value();
    });
    REQUIRE(waiting.wait_for(30s) == std::future_status::ready);
  }

  static void wait_for(tally& what) {
    REQUIRE(what.done.get_future().wait_for(30s) == std::future_status::ready);
  }

  caf::actor_system_config cfg;
  caf::actor_system system{cfg};
  std::array<event_loop, 2> loops{event_loop{system}, event_loop{system}};
  /// Each is written by its loop's thread alone, until `stop`.
  std::array<uint64_t, 2> turns{};
  std::vector<std::thread> threads;
};

} // namespace

TEST_CASE_METHOD(loop_fixture, "nothing is lost, and all in order, per pair") {
  constexpr uint64_t most = 25000;
  tally tallies[2];
  std::vector<sink_actor> sinks;
  for (size_t i = 0; i < 2; ++i)
    sinks.push_back(
      spawn_pinned<sink_state>(system, &loops[i], &tallies[i], 4 * most));
  std::vector<source_actor> sources;
  for (uint32_t i = 0; i < 4; ++i)
    sources.push_back(
      spawn_pinned<source_state>(system, &loops[i % 2], i, sinks, most));
  start();
  for (auto& one : sources)
    caf::anon_send(one, uint64_t{1});
  for (auto& one : tallies) {
    wait_for(one);
    CHECK(one.count == 4 * most);
    CHECK(one.in_order);
    CHECK(one.on_own_thread);
  }
  CHECK(tallies[0].thread != tallies[1].thread);
}

TEST_CASE_METHOD(loop_fixture, "an actor runs on its loop's thread alone") {
  tally result;
  auto sink = spawn_pinned<sink_state>(system, &loops[1], &result, 1);
  start();
  std::thread::id thread;
  on(loops[1], [&] { thread = std::this_thread::get_id(); });
  caf::anon_send(sink, uint32_t{0}, uint64_t{1});
  wait_for(result);
  CHECK(result.thread == thread);
}

TEST_CASE_METHOD(loop_fixture, "work from elsewhere wakes a sleeping loop") {
  tally result;
  auto sink = spawn_pinned<sink_state>(system, &loops[0], &result, 1000);
  start();
  for (uint64_t i = 1; i <= 1000; ++i) {
    // The loop has nothing else to do: it sleeps, or is about to.
    on(loops[1], [] {});
    caf::anon_send(sink, uint32_t{0}, i);
  }
  wait_for(result);
  CHECK(result.in_order);
}

TEST_CASE_METHOD(loop_fixture, "a loop is woken however late it falls asleep") {
  std::atomic<uint64_t> heard = 0;
  auto sink = spawn_pinned<counter_state>(system, &loops[0], &heard);
  start();
  for (uint64_t i = 1; i <= 50'000; ++i) {
    // The loop is about to sleep meanwhile, sooner or later.
    for (volatile auto pause = i * 7919 % 1500; pause > 0;)
      pause = pause - 1;
    caf::anon_send(sink, uint32_t{0}, i);
    auto give_up = std::chrono::steady_clock::now() + 30s;
    while (heard != i && std::chrono::steady_clock::now() < give_up)
      continue;
    REQUIRE(heard == i);
  }
  caf::anon_send_exit(sink, caf::exit_reason::kill);
}

TEST_CASE_METHOD(loop_fixture, "work that came before the loop runs, too") {
  tally result;
  auto sink = spawn_pinned<sink_state>(system, &loops[0], &result, 1);
  caf::anon_send(sink, uint32_t{0}, uint64_t{1});
  start();
  wait_for(result);
}

TEST_CASE_METHOD(loop_fixture, "the end of a turn follows every turn") {
  std::atomic<bool> worked = false;
  std::promise<void> flushed;
  auto waiting = flushed.get_future();
  loops[0].at_end_of_turn([&, said = false]() mutable {
    if (worked && !std::exchange(said, true))
      flushed.set_value();
  });
  start();
  on(loops[0], [&] { worked = true; });
  CHECK(waiting.wait_for(30s) == std::future_status::ready);
  stop();
}

TEST_CASE_METHOD(loop_fixture, "an actor's work ends with a turn's end") {
  tally result;
  auto sink = spawn_pinned<sink_state>(system, &loops[0], &result, 1);
  std::promise<void> flushed;
  auto waiting = flushed.get_future();
  loops[0].at_end_of_turn([&, said = false]() mutable {
    if (result.count == 1 && !std::exchange(said, true))
      flushed.set_value();
  });
  start();
  caf::anon_send(sink, uint32_t{0}, uint64_t{1});
  CHECK(waiting.wait_for(30s) == std::future_status::ready);
  stop();
}

TEST_CASE_METHOD(loop_fixture, "the end of a turn wakes other loops, too") {
  tally heard;
  auto sink = spawn_pinned<sink_state>(system, &loops[1], &heard, 1u);
  std::atomic<bool> worked = false;
  loops[0].at_end_of_turn([&, said = false]() mutable {
    if (worked && !std::exchange(said, true))
      caf::anon_send(sink, uint32_t{0}, uint64_t{1});
  });
  start();
  on(loops[1], [] {});
  on(loops[0], [&] { worked = true; });
  wait_for(heard);
  stop();
}

TEST_CASE_METHOD(loop_fixture, "a loop that is told to stop returns") {
  start();
  on(loops[0], [] {});
  std::promise<void> joined;
  auto waiting = joined.get_future();
  std::thread joiner{[&] {
    stop();
    joined.set_value();
  }};
  CHECK(waiting.wait_for(30s) == std::future_status::ready);
  joiner.join();
}

TEST_CASE_METHOD(loop_fixture, "a loop may be stopped before it runs") {
  for (auto& loop : loops)
    loop.stop();
  start();
  stop();
  CHECK(threads.empty());
}

TEST_CASE_METHOD(loop_fixture, "many wake-ups in one turn are one") {
  constexpr uint64_t many = 4000;
  std::vector<tally> tallies{many};
  std::vector<sink_actor> sinks;
  for (auto& one : tallies)
    sinks.push_back(spawn_pinned<sink_state>(system, &loops[0], &one, 1));
  start();
  std::promise<void> go;
  auto going = go.get_future();
  uint64_t before = 0;
  std::promise<void> busy;
  auto begun = busy.get_future();
  // While the loop is busy in one turn, very many actors become ready.
  boost::asio::post(loops[0].io(), [&] {
    before = loops[0].wakes();
    busy.set_value();
    going.wait();
  });
  REQUIRE(begun.wait_for(30s) == std::future_status::ready);
  for (auto& sink : sinks)
    caf::anon_send(sink, uint32_t{0}, uint64_t{1});
  auto after = loops[0].wakes();
  go.set_value();
  for (auto& one : tallies)
    wait_for(one);
  CHECK(after - before == 1);
}

TEST_CASE_METHOD(loop_fixture, "a turn ends when its time is up") {
  // So many actors are always ready, and each of their messages takes a time,
  // which is far more together than a turn may have.
  constexpr size_t many = 500;
  work_count count;
  loops[0].at_end_of_turn([&] { count.end_turn(); });
  std::vector<source_actor> busy;
  for (size_t i = 0; i < many; ++i)
    busy.push_back(spawn_pinned<busy_state>(system, &loops[0], &count));
  start();
  on(loops[0], [&] {
    for (auto& one : busy)
      caf::anon_send(one, uint64_t{1});
  });
  // Handlers are run all the same.
  for (auto i = 0; i < 10; ++i)
    on(loops[0], [] {});
  for (auto& one : busy)
    caf::anon_send_exit(one, caf::exit_reason::kill);
  caf::scoped_actor waiting{system};
  for (auto& one : busy)
    waiting->wait_for(caf::actor_cast<caf::actor>(one));
  stop();
  // Two looks at the clock.
  CHECK(count.most <= 2 * time_slice<>::stride);
}

TEST_CASE_METHOD(loop_fixture, "a turn knows whether it has run out") {
  std::atomic<unsigned> ran_out = 0;
  std::atomic<unsigned> ended = 0;
  loops[0].at_end_of_turn([&] { ++(turn_ran_out() ? ran_out : ended); });
  start();
  on(loops[0], [] {});
  on(loops[0], [] {});
  CHECK(ended > 0);
  CHECK(ran_out == 0);
  CHECK_FALSE(turn_ran_out());
  // Of what is there at once, each takes as long as a turn may have.
  for (auto i = 0; i < 200; ++i)
    boost::asio::post(loops[0].io(), [] { spend(100us); });
  on(loops[0], [] {});
  CHECK(ran_out > 0);
  stop();
}

TEST_CASE_METHOD(loop_fixture, "another loop is woken at the end of the turn") {
  constexpr size_t count = 3;
  std::array<tally, count> tallies;
  std::vector<sink_actor> sinks;
  for (auto& one : tallies)
    sinks.push_back(spawn_pinned<sink_state>(system, &loops[1], &one, 1u));
  start();
  on(loops[1], [] {});
  uint64_t before = 0;
  uint64_t within = 0;
  on(loops[0], [&] {
    before = loops[1].wakes();
    for (auto& sink : sinks)
      caf::anon_send(sink, uint32_t{0}, uint64_t{1});
    within = loops[1].wakes();
  });
  for (auto& one : tallies)
    wait_for(one);
  CHECK(within == before);
  // It may be heard before it is counted.
  for (auto end = std::chrono::steady_clock::now() + 30s;
       loops[1].wakes() == before && std::chrono::steady_clock::now() < end;)
    std::this_thread::yield();
  CHECK(loops[1].wakes() > before);
}

TEST_CASE_METHOD(loop_fixture, "what is no loop wakes one at once") {
  tally heard;
  auto sink = spawn_pinned<sink_state>(system, &loops[1], &heard, 1u);
  start();
  on(loops[1], [] {});
  auto before = loops[1].wakes();
  caf::anon_send(sink, uint32_t{0}, uint64_t{1});
  CHECK(loops[1].wakes() == before + 1);
  wait_for(heard);
}

TEST_CASE_METHOD(loop_fixture, "what waits is counted by kind") {
  tally heard[2];
  std::vector<sink_actor> sinks;
  for (auto& one : heard)
    sinks.push_back(spawn_pinned<sink_state>(system, &loops[0], &one, 3u));
  tally idle;
  auto third = spawn_pinned<sink_state>(system, &loops[0], &idle, 1u);
  start();
  std::map<std::string, uint64_t> full;
  std::map<std::string, uint64_t> empty;
  on(loops[0], [&] {
    empty = loops[0].waiting();
    for (uint64_t i = 1; i <= 3; ++i)
      for (auto& sink : sinks)
        caf::anon_send(sink, uint32_t{0}, i);
    full = loops[0].waiting();
  });
  // Asking changes nothing.
  for (auto& one : heard) {
    wait_for(one);
    CHECK(one.count == 3);
    CHECK(one.in_order);
  }
  CHECK(full == std::map<std::string, uint64_t>{{"sink", 6}});
  CHECK(empty.empty());
  caf::anon_send(third, uint32_t{0}, uint64_t{1});
  wait_for(idle);
}
