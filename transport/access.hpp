// SPDX-License-Identifier: MIT
#pragma once

#include "transport/request_head.hpp"

#include <optional>
#include <string_view>

namespace parlor::transport {

/// Whether a path is for administrators only: /admin, /api, /debug, /metrics.
bool is_guarded(std::string_view target);

/// Whether a caller of a guarded path is turned away (PROTOCOL §5): the bearer
/// of the admin token is let in where one is set, else whoever calls from this
/// machine, directly and not from a foreign web page.
std::optional<refusal> judge_access(const request_head& head,
                                    bool from_loopback,
                                    std::string_view admin_token);

/// Whether a WebSocket of a web page is turned away that came to this machine by a
/// name which is not its own (DNS rebinding): the same origin means nothing then.
/// Asked where clients show no token and no origins are listed; behind a proxy on
/// this machine, which says that it forwards, the name is the proxy's.
std::optional<refusal> judge_page_host(const request_head& head,
                                       bool from_loopback);

/// The same as `judge_access` for a page of the binary, of which only the operator's is at such a
/// path. A browser that navigates sends no bearer: where a token is set the page
/// is for everybody, holds nothing secret, and asks for it.
std::optional<refusal> judge_page_access(const request_head& head,
                                         bool from_loopback,
                                         std::string_view admin_token);

/// Whether a path is one of the inspector's answers: below /debug.
bool is_inspection(std::string_view target);

/// The same for the inspector, which answers callers on this machine alone. Where
/// an admin token is set they have to bear it, too: in a header or, as browsers
/// can set none for a WebSocket, percent-encoded behind `bearer.` among the
/// subprotocols. The files of its page need none.
std::optional<refusal> judge_inspection_access(const request_head& head,
                                               bool from_loopback,
                                               std::string_view admin_token);

} // namespace parlor::transport
