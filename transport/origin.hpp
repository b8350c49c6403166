// SPDX-License-Identifier: MIT
#pragma once

#include "transport/origin_pattern.hpp"
#include "transport/request_head.hpp"

#include <string_view>
#include <vector>

namespace parlor::transport {

/// Whether a web page of this origin (RFC 6454) is of the host that it calls:
/// same name, same port, where a port that is not written is the default of
/// the origin's scheme.
bool same_origin(std::string_view origin, std::string_view host);

/// Whether a request comes from where it may: it carries no Origin, or one that
/// is allowed. An empty list allows the same origin.
bool origin_allowed(const request_head& head,
                    const std::vector<origin_pattern>& allowed);

/// Whether a Host header names this machine alone: localhost, 127.x.x.x or
/// [::1], with or without a port.
bool loopback_host(std::string_view host);

} // namespace parlor::transport
