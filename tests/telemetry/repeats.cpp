// SPDX-License-Identifier: MIT
#include "telemetry/repeats.hpp"

#include "tests/support/catch.hpp"

#include <atomic>
#include <string>
#include <thread>
#include <vector>

namespace {

using namespace std::chrono_literals;

using parlor::log::level;
using parlor::log::most_repeats;
using parlor::log::repeats;

constexpr repeats::time_point begin{100s};

/// How many of so many lines are admitted.
uint64_t admitted(repeats& seen, std::string_view event, uint64_t lines,
                  repeats::time_point now = begin) {
  uint64_t result = 0;
  for (uint64_t i = 0; i < lines; ++i)
    result += seen.admit(level::warn, event, now);
  return result;
}

/// How many lines of this event were left out since the last time.
uint64_t taken(repeats& seen, std::string_view event) {
  uint64_t result = 0;
  for (auto& x : seen.take())
    if (x.event == event)
      result += x.lines;
  return result;
}

} // namespace

TEST_CASE("the first lines of an event are admitted, and more are counted") {
  repeats seen{10s};
  CHECK(admitted(seen, "full", most_repeats) == most_repeats);
  CHECK(seen.take().empty());
  CHECK(admitted(seen, "full", 7) == 0);
  auto left_out = seen.take();
  REQUIRE(left_out.size() == 1);
  CHECK(left_out[0].event == "full");
  CHECK(left_out[0].severity == level::warn);
  CHECK(left_out[0].lines == 7);
}

TEST_CASE("what was left out is told once") {
  repeats seen{10s};
  admitted(seen, "full", most_repeats + 3);
  CHECK(taken(seen, "full") == 3);
  CHECK(seen.take().empty());
  admitted(seen, "full", 4);
  CHECK(taken(seen, "full") == 4);
}

TEST_CASE("the next period admits an event again") {
  repeats seen{10s};
  admitted(seen, "full", most_repeats + 1);
  CHECK(admitted(seen, "full", 1, begin + 9s) == 0);
  CHECK(admitted(seen, "full", most_repeats + 5, begin + 10s) == most_repeats);
  CHECK(taken(seen, "full") == 7);
}

TEST_CASE("what was left out keeps the level that it came with first") {
  repeats seen{10s};
  for (uint32_t i = 0; i < most_repeats + 2; ++i)
    seen.admit(level::error, "broken", begin);
  for (uint32_t i = 0; i < most_repeats + 3; ++i)
    seen.admit(level::info, "usual", begin);
  auto left_out = seen.take();
  REQUIRE(left_out.size() == 2);
  for (auto& x : left_out) {
    auto broken = x.event == "broken";
    CHECK(x.severity == (broken ? level::error : level::info));
    CHECK(x.lines == (broken ? 2 : 3));
  }
}

TEST_CASE("both sides of a period's edge are admitted as one") {
  repeats seen{10s};
  // Some threads read the clock before the edge and come behind it.
  uint64_t passed = 0;
  for (int i = 0; i < 100; ++i) {
    passed += admitted(seen, "full", 1, begin + 10s);
    passed += admitted(seen, "full", 1, begin + 10s - 1ns);
  }
  CHECK(passed == most_repeats);
  CHECK(taken(seen, "full") == 200 - most_repeats);
}

TEST_CASE("threads on both sides of an edge are admitted once for each side") {
  constexpr size_t threads = 4;
  repeats seen{10s};
  std::vector<uint64_t> passed(threads, 0);
  std::vector<std::thread> callers;
  uint64_t all = admitted(seen, "full", 1);
  for (size_t t = 0; t < threads; ++t)
    callers.emplace_back([&, t] {
      passed[t] = admitted(seen, "full", 10'000, begin + t % 2 * 10s);
    });
  for (size_t t = 0; t < threads; ++t) {
    callers[t].join();
    all += passed[t];
  }
  CHECK(all >= most_repeats);
  CHECK(all <= 2 * most_repeats);
}

TEST_CASE("events are counted apart, wherever their names are kept") {
  repeats seen{10s};
  std::string copy{"full"};
  CHECK(admitted(seen, "full", most_repeats - 1) == most_repeats - 1);
  CHECK(admitted(seen, copy, 2) == 1);
  CHECK(admitted(seen, "fuller", 1) == 1);
  CHECK(taken(seen, "full") == 1);
}

TEST_CASE("more events than there are places for are all admitted") {
  repeats seen{10s};
  std::vector<std::string> names;
  for (size_t i = 0; i < 2 * repeats::places; ++i)
    names.push_back("event " + std::to_string(i));
  uint64_t passed = 0;
  for (auto& name : names)
    passed += admitted(seen, name, most_repeats + 1);
  auto limited = repeats::places;
  CHECK(passed == names.size() * (most_repeats + 1) - limited);
  CHECK(seen.take().size() == limited);
}

TEST_CASE("no line of any thread is forgotten") {
  constexpr size_t threads = 4;
  constexpr uint64_t each = 50'000;
  repeats seen{10s};
  std::vector<uint64_t> passed(threads, 0);
  std::atomic<size_t> running = threads;
  std::vector<std::thread> callers;
  // Periods end meanwhile, at another moment for each of the threads.
  for (size_t t = 0; t < threads; ++t)
    callers.emplace_back([&, t] {
      for (uint64_t i = 0; i < each; ++i)
        passed[t] += admitted(seen, i % 2 == 0 ? "even" : "odd", 1,
                              begin + i * 1ms + t * 3s);
      --running;
    });
  uint64_t all = 0;
  auto take = [&] {
    for (auto& x : seen.take())
      all += x.lines;
  };
  while (running > 0)
    take();
  for (auto& x : callers)
    x.join();
  take();
  for (auto x : passed)
    all += x;
  CHECK(all == threads * each);
}

TEST_CASE("threads together are admitted as many lines as one") {
  constexpr int threads = 4;
  repeats seen{10s};
  std::vector<uint64_t> passed(threads, 0);
  std::vector<std::thread> callers;
  // It has its place before they meet there.
  uint64_t all = admitted(seen, "full", 1);
  for (size_t t = 0; t < threads; ++t)
    callers.emplace_back(
      [&, t] { passed[t] = admitted(seen, "full", 10'000); });
  for (size_t t = 0; t < threads; ++t) {
    callers[t].join();
    all += passed[t];
  }
  CHECK(all == most_repeats);
}
