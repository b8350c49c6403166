// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

namespace parlor {

/// How tokens are signed (RFC 7518 §3.1). `none` is no authentication; tokens
/// that say so of themselves are refused.
enum class token_algorithm : uint8_t { none, hs256, rs256, es256 };

} // namespace parlor
