// SPDX-License-Identifier: MIT
#pragma once

#include "messages/ids.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace parlor {

/// What the bearer of a token may do.
struct permissions {
  /// Whether it may say anything: messages, signals and presence data.
  bool publish = true;
  /// The rooms that it may join: names, and beginnings of names before a `*`.
  /// None is every room.
  std::optional<std::vector<std::string>> rooms;

  bool allow(const room_name& room) const;
};

/// What a good token says (RFC 7519 §4.1; `rooms` and `publish` are ours).
struct claims {
  /// `sub`.
  user_id user;
  /// `exp`; none is never.
  std::optional<std::chrono::system_clock::time_point> expires;
  permissions may;
};

/// What a good token has to say of who made it, and for whom (RFC 7519 §4.1.1,
/// §4.1.3). Empty is anything.
struct token_rules {
  std::string issuer;
  std::string audience;
};

/// Why a token is not good.
struct token_refusal {
  /// Fit for a close frame.
  std::string_view reason;
  /// Whether a newer token of the same kind may be good: this one has expired,
  /// does not hold yet, or was signed with another key.
  bool renewable = false;
};

/// Longer tokens are not looked at.
inline constexpr size_t max_token_bytes = 8192;

/// Judges the tokens of clients. Thread-safe: nothing in it changes.
class token_verifier {
public:
  virtual ~token_verifier() = default;

  /// Whether a token is ours and holds at this time of the wall clock.
  virtual std::variant<claims, token_refusal>
  verify(const std::string& token,
         std::chrono::system_clock::time_point now) const = 0;
};

} // namespace parlor
