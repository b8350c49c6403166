// SPDX-License-Identifier: MIT
#include "app/service_manager.hpp"

#include "telemetry/log.hpp"

#include <cstdint>
#include <system_error>

#include <systemd/sd-daemon.h>

namespace parlor::service_manager {

namespace {

void tell(const std::string& what) {
  constexpr int keep_environment = 0;
  auto result = sd_notify(keep_environment, what.c_str());
  if (result < 0)
    log::warn("service manager does not listen",
              {{"reason", std::generic_category().message(-result)}});
}

} // namespace

void ready(const std::string& status) {
  tell("READY=1\nSTATUS=" + status);
}

void stopping(const std::string& status) {
  tell("STOPPING=1\nSTATUS=" + status);
}

std::optional<std::chrono::microseconds> watchdog() {
  constexpr int keep_environment = 0;
  uint64_t microseconds = 0;
  if (sd_watchdog_enabled(keep_environment, &microseconds) <= 0)
    return std::nullopt;
  return std::chrono::microseconds{microseconds};
}

void alive() {
  tell("WATCHDOG=1");
}

} // namespace parlor::service_manager
