// SPDX-License-Identifier: MIT
#include "tests/bench/wsload/sequence.hpp"

#include "tests/support/catch.hpp"

#include <initializer_list>

using parlor::bench::wsload::sequence;
using parlor::bench::wsload::sequence_faults;

namespace {

sequence_faults faults_in(std::initializer_list<uint32_t> numbers) {
  sequence seen;
  sequence_faults faults;
  for (const auto number : numbers)
    seen.observe(number, faults);
  return faults;
}

} // namespace

TEST_CASE("a sequence in order has no faults") {
  const auto faults = faults_in({0, 1, 2, 3});
  CHECK(faults.gaps == 0);
  CHECK(faults.duplicates == 0);
  CHECK(faults.out_of_order == 0);
}

TEST_CASE("what is skipped is a gap, at the start too") {
  CHECK(faults_in({1}).gaps == 1);
  CHECK(faults_in({0, 1, 5}).gaps == 3);
  CHECK(faults_in({0, 100}).gaps == 99);
}

TEST_CASE("what comes late is out of order and no gap") {
  const auto faults = faults_in({0, 2, 1, 3});
  CHECK(faults.gaps == 0);
  CHECK(faults.out_of_order == 1);
  CHECK(faults.duplicates == 0);
}

TEST_CASE("what comes twice is a duplicate, next to a gap too") {
  CHECK(faults_in({0, 1, 1, 0}).duplicates == 2);
  const auto faults = faults_in({0, 3, 3, 0});
  CHECK(faults.duplicates == 2);
  CHECK(faults.gaps == 2);
  CHECK(faults.out_of_order == 0);
}

TEST_CASE("what is too old to remember counts as a duplicate") {
  const auto faults = faults_in({0, 100, 50, 1});
  CHECK(faults.gaps == 98);
  CHECK(faults.out_of_order == 1);
  CHECK(faults.duplicates == 1);
}
