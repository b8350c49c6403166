// SPDX-License-Identifier: MIT
#pragma once

#include <caf/meta/type_name.hpp>

#include <cstdint>

namespace parlor {

/// How the process is doing as the kernel sees it; bytes and seconds. What the
/// kernel does not tell is 0.
struct process_vitals {
  uint64_t resident_bytes = 0;
  uint64_t virtual_bytes = 0;
  uint64_t open_fds = 0;
  uint64_t max_fds = 0;
  /// Of all threads, in user and kernel mode.
  double cpu_seconds = 0;
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, process_vitals& x) {
  return f(caf::meta::type_name("process_vitals"), x.resident_bytes,
           x.virtual_bytes, x.open_fds, x.max_fds, x.cpu_seconds);
}

} // namespace parlor
