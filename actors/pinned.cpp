// SPDX-License-Identifier: MIT
#include "actors/pinned.hpp"

#include "telemetry/log.hpp"

namespace parlor {

void log_failure(const char* kind, uint64_t actor,
                 const std::exception_ptr& what) {
  try {
    std::rethrow_exception(what);
  } catch (const std::exception& x) {
    log::error("actor failed",
               {{"kind", kind}, {"actor", actor}, {"what", x.what()}});
  } catch (...) {
    log::error("actor failed", {{"kind", kind}, {"actor", actor}});
  }
}

} // namespace parlor
