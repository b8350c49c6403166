// SPDX-License-Identifier: MIT
#pragma once

#include "messages/token.hpp"

#include <chrono>
#include <string>
#include <string_view>
#include <variant>

namespace parlor::wire {

/// The `alg` of a token's header (RFC 7515 §4.1.1). Empty where it has none, is
/// no JSON object, or has `crit`: extensions that would have to be understood
/// (§4.1.11). Pure; never throws but std::bad_alloc.
std::string decode_token_algorithm(std::string_view header);

/// Understands the payload of a token whose signature is right (RFC 7519
/// §4.1): `sub` names a user, `exp` lies ahead, `nbf` does not, `iss` and `aud`
/// fit the rules. A claim that is null has a wrong type. There is no leeway.
/// Pure; never throws but std::bad_alloc.
std::variant<claims, token_refusal>
decode_claims(std::string_view payload,
              std::chrono::system_clock::time_point now,
              const token_rules& rules = {});

} // namespace parlor::wire
