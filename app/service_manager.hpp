// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <optional>
#include <string>

/// What systemd is told of this process, and wants to be told (sd_notify(3)).
/// Without it these do nothing. Not thread-safe.
namespace parlor::service_manager {

/// Clients may come.
void ready(const std::string& status);

/// The process is on its way out.
void stopping(const std::string& status);

/// After how long without a sign of life it kills the process; none where it
/// does not.
std::optional<std::chrono::microseconds> watchdog();

/// The sign of life.
void alive();

} // namespace parlor::service_manager
