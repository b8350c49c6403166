// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <ctime>

namespace parlor::bench::wsload {

/// CLOCK_MONOTONIC in nanoseconds: the clock of every stamp.
inline uint64_t now() {
  timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return static_cast<uint64_t>(t.tv_sec) * 1'000'000'000
         + static_cast<uint64_t>(t.tv_nsec);
}

inline uint64_t nanoseconds(double seconds) {
  return static_cast<uint64_t>(seconds * 1e9);
}

inline double seconds(uint64_t nanoseconds) {
  return static_cast<double>(nanoseconds) * 1e-9;
}

} // namespace parlor::bench::wsload
