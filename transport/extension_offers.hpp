// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace parlor::transport {

/// As in "name", "name=value" and "name="value"".
struct extension_parameter {
  std::string_view name;
  /// Without its quotes.
  std::optional<std::string> value;
};

/// One extension that a client offers. Refers to the header's text.
struct extension_offer {
  std::string_view name;
  std::vector<extension_parameter> parameters;
};

/// The offers in a value of Sec-WebSocket-Extensions, in their order (RFC 6455
/// §9.1); none where anything in it is malformed, since then it cannot be told
/// where an offer ends.
std::vector<extension_offer> extension_offers(std::string_view value);

} // namespace parlor::transport
