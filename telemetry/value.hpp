// SPDX-License-Identifier: MIT
#pragma once

#include <concepts>
#include <cstdint>
#include <string_view>
#include <type_traits>
#include <variant>

namespace parlor::log {

template <class T, class... Ts>
concept one_of = (std::same_as<T, Ts> || ...);

template <class T>
concept number = std::is_arithmetic_v<T> && !one_of<T, char, wchar_t, char8_t,
                                                    char16_t, char32_t>;

/// The value of a field. Borrows texts, and costs nothing to make: it lives as
/// long as the call that logs it.
class value {
public:
  using variant_type
    = std::variant<std::string_view, int64_t, uint64_t, double, bool>;

  template <class T>
    requires(std::convertible_to<const T&, std::string_view>)
  value(const T& text) : data_{std::string_view{text}} {}

  template <number T>
  value(T x) : data_{widened(x)} {}

  const variant_type& data() const noexcept { return data_; }

private:
  template <class T>
  static constexpr auto widened(T x) noexcept {
    if constexpr (std::same_as<T, bool>)
      return x;
    else if constexpr (std::floating_point<T>)
      return static_cast<double>(x);
    else if constexpr (std::is_signed_v<T>)
      return static_cast<int64_t>(x);
    else
      return static_cast<uint64_t>(x);
  }

  variant_type data_;
};

/// One `key=value` of a line. The keys "time", "level" and "event" are taken.
struct field {
  std::string_view key;
  log::value value;
};

} // namespace parlor::log
