// SPDX-License-Identifier: MIT
#include "messages/time_slice.hpp"

#include "tests/support/catch.hpp"

using namespace parlor;
using namespace std::chrono_literals;

namespace {

/// Stands still, and counts who looks at it.
struct still_clock {
  using duration = std::chrono::nanoseconds;
  using time_point = std::chrono::time_point<still_clock, duration>;

  static time_point now() noexcept {
    ++looks;
    return time;
  }

  static inline time_point time{};
  static inline int looks = 0;
};

struct slice_fixture {
  slice_fixture() {
    still_clock::time = {};
    still_clock::looks = 0;
  }

  /// Steps until it is over, each of which takes a time.
  unsigned steps_of(std::chrono::nanoseconds each) {
    auto count = 0u;
    for (; count < 100'000 && slice.lasts(); ++count)
      still_clock::time += each;
    return count;
  }

  static constexpr auto stride = time_slice<still_clock>::stride;
  time_slice<still_clock> slice{2ms};
};

} // namespace

TEST_CASE_METHOD(slice_fixture, "few steps look at no clock") {
  for (auto i = 1u; i < stride; ++i)
    CHECK(slice.lasts());
  CHECK(still_clock::looks == 0);
}

TEST_CASE_METHOD(slice_fixture, "a slice ends when its time is up") {
  CHECK(steps_of(10us) < 2 * stride + 200);
  CHECK(slice.over());
  CHECK_FALSE(slice.lasts());
  slice.renew();
  CHECK_FALSE(slice.over());
}

TEST_CASE_METHOD(slice_fixture, "after one that ran out each step is timed") {
  CHECK(steps_of(1ms) <= 2 * stride);
  slice.renew();
  CHECK(steps_of(1ms) == 2);
  slice.renew();
  // Until one does not run out.
  CHECK(slice.lasts());
  slice.renew();
  CHECK(steps_of(1ms) > 2);
}

TEST_CASE_METHOD(slice_fixture, "dear work is timed at once") {
  CHECK(slice.lasts(stride));
  still_clock::time += 1ms;
  CHECK(slice.lasts(stride));
  still_clock::time += 1ms;
  CHECK_FALSE(slice.lasts(stride));
}
