// SPDX-License-Identifier: MIT
#pragma once

#include "messages/token.hpp"

#include <chrono>
#include <string_view>
#include <variant>

namespace parlor::wire {

/// Understands the payload of a token whose signature is right (RFC 7519
/// §4.1): `sub` names a user, `exp` lies ahead and `nbf` does not. There is no
/// leeway. Pure; never throws but std::bad_alloc.
std::variant<claims, token_refusal>
decode_claims(std::string_view payload,
              std::chrono::system_clock::time_point now);

} // namespace parlor::wire
