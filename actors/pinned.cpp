// SPDX-License-Identifier: MIT
#include "actors/pinned.hpp"

#include "actors/connection.hpp"
#include "actors/lane.hpp"
#include "actors/room.hpp"
#include "telemetry/log.hpp"

#include <initializer_list>
#include <string_view>

namespace parlor {

namespace {

/// Of these there are as many as clients want, and so may their failures be.
/// When another kind fails the process ends, and this is why.
bool is_one_of_many(std::string_view kind) {
  return kind == connection_state::name || kind == room_state::name
         || kind == lane_state::name;
}

void write_failure(std::string_view kind,
                   std::initializer_list<log::field> fields) {
  if (is_one_of_many(kind))
    log::error("actor failed", fields);
  else
    log::record(log::level::error, "actor failed", fields);
}

} // namespace

void log_failure(const char* kind, uint64_t actor,
                 const std::exception_ptr& what) {
  try {
    std::rethrow_exception(what);
  } catch (const std::exception& x) {
    write_failure(kind, {{"kind", kind}, {"actor", actor}, {"what", x.what()}});
  } catch (...) {
    write_failure(kind, {{"kind", kind}, {"actor", actor}});
  }
}

} // namespace parlor
