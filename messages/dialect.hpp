// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace parlor {

/// How a connection writes and reads (PROTOCOL §1-3): `typed` and `action` are
/// JSON, `text` is lines for people.
enum class dialect : uint8_t { typed, action, text };

inline constexpr size_t dialects = 3;

inline constexpr std::array<dialect, dialects> all_dialects{
  dialect::typed, dialect::action, dialect::text};

inline constexpr std::array<std::string_view, dialects> dialect_names{
  "typed", "action", "text"};

inline constexpr std::array<std::string_view, dialects> dialect_subprotocols{
  "parlor.typed.v1", "parlor.action.v1", "parlor.text.v1"};

constexpr size_t index_of(dialect x) {
  return static_cast<size_t>(x);
}

/// The dialect of this name, as in `?dialect=`.
constexpr std::optional<dialect> dialect_named(std::string_view name) {
  for (auto x : all_dialects)
    if (dialect_names[index_of(x)] == name)
      return x;
  return std::nullopt;
}

/// The dialect of this WebSocket subprotocol.
constexpr std::optional<dialect> dialect_of_subprotocol(std::string_view name) {
  for (auto x : all_dialects)
    if (dialect_subprotocols[index_of(x)] == name)
      return x;
  return std::nullopt;
}

/// Which dialects are spoken among some receivers: a bit each.
class dialect_set {
public:
  constexpr dialect_set() = default;

  constexpr explicit dialect_set(dialect x) { insert(x); }

  static constexpr dialect_set all() {
    dialect_set result;
    for (auto x : all_dialects)
      result.insert(x);
    return result;
  }

  constexpr void insert(dialect x) { bits_ = uint8_t(bits_ | bit(x)); }

  constexpr void erase(dialect x) { bits_ &= uint8_t(~bit(x)); }

  constexpr bool contains(dialect x) const { return bits_ & bit(x); }

private:
  static constexpr uint8_t bit(dialect x) { return uint8_t(1u << index_of(x)); }

  uint8_t bits_ = 0;
};

} // namespace parlor
