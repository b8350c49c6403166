// SPDX-License-Identifier: MIT
// Linked to a test program of Catch2: appends a line for each test case to the
// file that PARLOR_MUTANTS_CASES names: its seconds, the mutants that it reached,
// its name.
#define CATCH_CONFIG_EXTERNAL_INTERFACES
#if __has_include(<catch2/catch_all.hpp>)
#  include <catch2/catch_all.hpp>
using listener_base = Catch::EventListenerBase;
#else
#  include <catch2/catch.hpp>
using listener_base = Catch::TestEventListenerBase;
#endif

#include "mutation/runtime.hpp"

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <fstream>

namespace {

struct listener : listener_base {
  using listener_base::listener_base;

  void testCaseStarting(const Catch::TestCaseInfo&) override {
    begun = std::chrono::steady_clock::now();
    if (auto bytes = parlor_mutants_reached())
      std::fill_n(bytes, parlor_most_mutants, 0);
  }

  void testCaseEnded(const Catch::TestCaseStats& stats) override {
    auto name = std::getenv("PARLOR_MUTANTS_CASES");
    auto bytes = parlor_mutants_reached();
    if (!name || !bytes)
      return;
    std::chrono::duration<double> took
      = std::chrono::steady_clock::now() - begun;
    std::ofstream file{name, std::ios::app};
    file << took.count() << '\t' << stats.totals.assertions.failed << '\t';
    for (int i = 0; i < parlor_most_mutants; ++i)
      if (bytes[i])
        file << i << ' ';
    file << '\t' << stats.testInfo.name << '\n';
  }

  std::chrono::steady_clock::time_point begun;
};

} // namespace

CATCH_REGISTER_LISTENER(listener)
