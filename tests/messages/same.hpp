// SPDX-License-Identifier: MIT
#pragma once

#include <concepts>
#include <cstddef>
#include <memory>
#include <tuple>
#include <type_traits>
#include <variant>
#include <vector>

/// Compares messages member by member, so that one which inspect() forgets is
/// noticed.
namespace parlor::test {

/// Stands for a member of any type.
struct anything {
  template <class T>
  operator T() const;
};

/// How many members an aggregate has.
template <class T, class... Found>
constexpr size_t member_count() {
  if constexpr (requires { T{Found{}..., anything{}}; })
    return member_count<T, Found..., anything>();
  else
    return sizeof...(Found);
}

template <class T>
auto members(const T& x) {
  constexpr auto n = member_count<T>();
  static_assert(n >= 1 && n <= 9);
  if constexpr (n == 1) {
    auto& [a] = x;
    return std::tie(a);
  } else if constexpr (n == 2) {
    auto& [a, b] = x;
    return std::tie(a, b);
  } else if constexpr (n == 3) {
    auto& [a, b, c] = x;
    return std::tie(a, b, c);
  } else if constexpr (n == 4) {
    auto& [a, b, c, d] = x;
    return std::tie(a, b, c, d);
  } else if constexpr (n == 5) {
    auto& [a, b, c, d, e] = x;
    return std::tie(a, b, c, d, e);
  } else if constexpr (n == 6) {
    auto& [a, b, c, d, e, f] = x;
    return std::tie(a, b, c, d, e, f);
  } else if constexpr (n == 7) {
    auto& [a, b, c, d, e, f, g] = x;
    return std::tie(a, b, c, d, e, f, g);
  } else if constexpr (n == 8) {
    auto& [a, b, c, d, e, f, g, h] = x;
    return std::tie(a, b, c, d, e, f, g, h);
  } else {
    auto& [a, b, c, d, e, f, g, h, i] = x;
    return std::tie(a, b, c, d, e, f, g, h, i);
  }
}

template <class T>
bool same(const T& x, const T& y);

template <class T>
bool same_elements(const std::vector<T>& xs, const std::vector<T>& ys) {
  if (xs.size() != ys.size())
    return false;
  for (size_t i = 0; i < xs.size(); ++i)
    if (!same(xs[i], ys[i]))
      return false;
  return true;
}

template <class... Ts>
bool same_alternatives(const std::variant<Ts...>& x,
                       const std::variant<Ts...>& y) {
  return x.index() == y.index()
         && std::visit(
           [&](auto& one) {
             return same(one, std::get<std::decay_t<decltype(one)>>(y));
           },
           x);
}

template <class T>
constexpr bool is_vector = false;
template <class T>
constexpr bool is_vector<std::vector<T>> = true;

template <class T>
constexpr bool is_variant = false;
template <class... Ts>
constexpr bool is_variant<std::variant<Ts...>> = true;

template <class T>
constexpr bool is_shared = false;
template <class T>
constexpr bool is_shared<std::shared_ptr<T>> = true;

/// Whether two messages, or parts of messages, say the same; what is shared, by
/// what it is and not by where.
template <class T>
bool same(const T& x, const T& y) {
  if constexpr (is_vector<T>)
    return same_elements(x, y);
  else if constexpr (is_variant<T>)
    return same_alternatives(x, y);
  else if constexpr (is_shared<T>)
    return x && y ? same(*x, *y) : x == y;
  else if constexpr (std::is_empty_v<T>)
    return true;
  else if constexpr (std::is_floating_point_v<T>)
    return x == y || (x != x && y != y);
  else if constexpr (std::equality_comparable<T>)
    return x == y;
  else
    return std::apply(
      [&](auto&... xs) {
        return std::apply([&](auto&... ys) { return (same(xs, ys) && ...); },
                          members(y));
      },
      members(x));
}

/// Whether all members differ: then each was given a value of its own.
template <class T>
bool all_differ(const T& x, const T& y) {
  return std::apply(
    [&](auto&... xs) {
      return std::apply([&](auto&... ys) { return (!same(xs, ys) && ...); },
                        members(y));
    },
    members(x));
}

} // namespace parlor::test
