// SPDX-License-Identifier: MIT
#pragma once

#include "messages/to_admin.hpp"
#include "transport/request_head.hpp"

#include <string_view>
#include <variant>

namespace parlor::transport {

/// What a request of the HTTP API asks for (PROTOCOL §5): all of an
/// api_request but `body` and `reply`. HEAD asks what GET does. Pure.
std::variant<api_request, refusal> route(std::string_view method,
                                         std::string_view target);

} // namespace parlor::transport
