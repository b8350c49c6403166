// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string_view>

namespace parlor::transport {

/// Whom a port is for.
enum class audience : uint8_t { everybody, clients, administrators };

/// Whether a port answers requests for this path: where administrators have one
/// of their own, `/admin`, `/api`, `/debug`, `/inspect` and `/metrics` are there
/// alone, with the files of their pages, and nothing else is but `/health`. What
/// is no path at all is refused as such, on any port. Pure.
bool serves(audience whom, std::string_view target);

} // namespace parlor::transport
