// SPDX-License-Identifier: MIT
#pragma once

#include "messages/error.hpp"
#include "transport/upgrade.hpp"

#include <string>
#include <string_view>

/// What a server says that is no message: the bytes of its answers (RFC 6455).
namespace parlor::transport {

/// The answer to an upgrade that was accepted (§4.2.2), with its blank line.
std::string upgrade_answer(const accepted_upgrade& x);

/// A pong with the payload of a ping, at most 125 bytes (§5.5.3).
std::string pong_frame(std::string_view payload);

/// A close frame (§5.5.1); without a code for `no_status`. A reason that does
/// not fit is cut between characters.
std::string close_frame(close_code code, std::string_view reason);

} // namespace parlor::transport
