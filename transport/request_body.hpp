// SPDX-License-Identifier: MIT
#pragma once

#include "transport/request_head.hpp"

#include <optional>

namespace parlor::transport {

/// Whether it is not sure where the request's body ends (RFC 9112 §6). The
/// connection must be closed then: what follows could be body or a request, and
/// a proxy may see it otherwise than we do. Pure.
std::optional<refusal> judge_framing(const request_head& head);

/// Whether a body is something else than JSON as it is, in UTF-8. Pure.
std::optional<refusal> judge_content(const request_head& head);

} // namespace parlor::transport
