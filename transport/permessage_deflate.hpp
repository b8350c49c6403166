// SPDX-License-Identifier: MIT
#pragma once

#include "transport/request_head.hpp"

#include <cstdint>
#include <optional>
#include <string>

/// How compression is agreed on (RFC 7692 §5, §7.1). Pure.
namespace parlor::transport {

/// What was agreed on with one client. Neither side takes over context.
struct deflate_terms {
  /// log2 of how far back our compressed messages may refer, where the client
  /// has asked for a limit: 8 to 15.
  std::optional<uint8_t> window_bits;

  friend bool operator==(const deflate_terms&, const deflate_terms&) = default;
};

/// The terms of the first acceptable offer; none where there is none. What is
/// malformed, unknown or said twice makes an offer unacceptable, and no error.
std::optional<deflate_terms> accept_deflate(const request_head& head);

/// The value of Sec-WebSocket-Extensions that agrees to these terms.
std::string deflate_answer(const deflate_terms& x);

/// Payloads below 2 to the power of this are sent compressed to a client: none
/// to one without terms, all of them where its window is no less than ours, and
/// elsewhere those that cannot refer further back than its window.
uint8_t deflate_reach(const std::optional<deflate_terms>& x);

} // namespace parlor::transport
