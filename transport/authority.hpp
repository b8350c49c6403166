// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string_view>

namespace parlor::transport {

/// `name:port` or `[address]:port` taken apart (RFC 3986 §3.2), without userinfo.
struct authority {
  /// With its brackets, where it is an address of version 6.
  std::string_view name;
  /// Empty where none is written.
  std::string_view port;
};

bool is_digits(std::string_view text);

/// None where the name is empty or the port is no number. Pure.
std::optional<authority> split_authority(std::string_view text);

/// "80" for http, "443" for https, and none for others. `scheme` in any case.
std::optional<std::string_view> default_port(std::string_view scheme);

} // namespace parlor::transport
