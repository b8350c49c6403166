// SPDX-License-Identifier: MIT
#pragma once

#include <caf/binary_deserializer.hpp>
#include <caf/binary_serializer.hpp>
#include <caf/sec.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

/// Between values and bytes by CAF's serializers, for what nodes tell each
/// other. For the sources that need it: it brings much of CAF.
namespace parlor::binary {

// -- what CAF 0.17 does not know ------------------------------------------------

template <class Inspector, class T>
caf::error value_of(Inspector& f, T& x) {
  return f(x);
}

/// One byte for which of them it is, and that; they may be variants, too.
template <class Inspector, class... Ts>
caf::error value_of(Inspector& f, std::variant<Ts...>& x) {
  auto which = static_cast<uint8_t>(x.index());
  if (auto bad = f(which))
    return bad;
  if constexpr (!Inspector::reads_state) {
    uint8_t i = 0;
    auto made = ((i++ == which ? (x.template emplace<Ts>(), true) : false)
                 || ...);
    if (!made)
      return caf::sec::unknown_type;
  }
  return std::visit([&](auto& y) { return value_of(f, y); }, x);
}

/// An enumeration whose values are those up to `last`.
template <class Inspector, class Enum>
caf::error one_of(Inspector& f, Enum& x, Enum last) {
  auto value = static_cast<uint8_t>(x);
  if (auto bad = f(value))
    return bad;
  if (value > static_cast<uint8_t>(last))
    return caf::sec::unknown_type;
  x = static_cast<Enum>(value);
  return caf::none;
}

/// In milliseconds since 1970, as clients see it.
template <class Inspector>
caf::error time_of(Inspector& f, std::chrono::system_clock::time_point& x) {
  using std::chrono::milliseconds, std::chrono::system_clock;
  auto since = x.time_since_epoch();
  int64_t value = std::chrono::duration_cast<milliseconds>(since).count();
  if (auto bad = f(value))
    return bad;
  // As far as the clock goes, which counts nanoseconds.
  constexpr auto latest = std::chrono::floor<milliseconds>(
    system_clock::time_point::max().time_since_epoch());
  if (value < 0 || value > latest.count())
    return caf::sec::unknown_type;
  if constexpr (!Inspector::reads_state)
    x = system_clock::time_point{milliseconds{value}};
  return caf::none;
}

// -- whole values ----------------------------------------------------------------

/// Appends a value to bytes.
template <class T>
void write(std::string& to, const T& x) {
  std::vector<char> bytes;
  caf::binary_serializer sink{nullptr, bytes};
  // Saving to memory does not fail, and changes nothing.
  static_cast<void>(value_of(sink, const_cast<T&>(x)));
  to.append(bytes.data(), bytes.size());
}

/// Nothing where the bytes are not exactly one such value.
template <class T>
std::optional<T> read(std::string_view from) {
  std::optional<T> result{std::in_place};
  caf::binary_deserializer source{nullptr, from.data(), from.size()};
  if (value_of(source, *result) || source.remaining() != 0)
    return std::nullopt;
  return result;
}

} // namespace parlor::binary
