// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <ctime>

namespace parlor {

/// The clock of leases. Unlike the steady clock it goes on while the machine is
/// suspended: other nodes do not wait for who sleeps.
struct lease_clock {
  using duration = std::chrono::nanoseconds;
  using rep = duration::rep;
  using period = duration::period;
  using time_point = std::chrono::time_point<lease_clock>;
  static constexpr bool is_steady = true;

  static time_point now() noexcept {
    timespec x{};
    ::clock_gettime(CLOCK_BOOTTIME, &x);
    return time_point{std::chrono::seconds{x.tv_sec}
                      + std::chrono::nanoseconds{x.tv_nsec}};
  }
};

} // namespace parlor
