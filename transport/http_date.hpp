// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <string>

namespace parlor::transport {

/// A time as the header Date has it, `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110
/// §5.6.7). Pure; the locale has no say.
std::string http_date(std::chrono::system_clock::time_point when);

} // namespace parlor::transport
