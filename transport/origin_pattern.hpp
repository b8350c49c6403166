// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace parlor::transport {

/// Origins of pages that may connect (RFC 6454 §6.2): one, as
/// `https://chat.example:8443`; with `*` for the first label of the name
/// (`https://*.example`), for the port (`http://localhost:*`), or for all (`*`).
///
/// The pattern may be in any case and name the default port of http or https;
/// browsers send lower case without it, and what they send is compared exactly.
class origin_pattern {
public:
  /// None where no browser could ever send such an origin.
  static std::optional<origin_pattern> parse(std::string_view text);

  /// Whether the value of a header `Origin` is one of them.
  bool matches(std::string_view origin) const;

  bool matches_all() const noexcept { return all_; }

private:
  bool all_ = false;
  std::string scheme_;
  /// Without its first label and dot, where any label may be there.
  std::string name_;
  bool any_label_ = false;
  /// Empty is the scheme's default.
  std::string port_;
  bool any_port_ = false;
};

} // namespace parlor::transport
