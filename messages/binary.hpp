// SPDX-License-Identifier: MIT
#pragma once

#include <boost/endian/conversion.hpp>
#include <caf/meta/type_name.hpp>

#include <bit>
#include <chrono>
#include <concepts>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>
#include <vector>

/// Between values and the bytes that nodes exchange: the format of CAF's
/// `binary_serializer`, by inspectors that the compiler sees through (decision
/// 0051). Integers are big-endian; before a text or a list comes its length,
/// seven bits a byte, the lowest first; before a variant the index of what is in
/// it, one byte. For the sources that need it.
///
/// An `inspect` function names the members of a type, in order: `return f(x.a,
/// x.b);`. Here it returns whether all went well.
namespace parlor::binary {

/// What is written and read alike.
template <class T>
concept number = std::integral<T> || std::floating_point<T>;

template <class T>
constexpr bool is_list = false;
template <class T>
constexpr bool is_list<std::vector<T>> = true;

template <class T>
constexpr bool is_variant = false;
template <class... Ts>
constexpr bool is_variant<std::variant<Ts...>> = true;

/// What CAF wants to know of ids for its logs: no bytes.
template <class T>
constexpr bool is_note = std::is_same_v<T, caf::meta::type_name_t>;

/// An unsigned integer of a number's size.
template <class T>
using bits_of = std::conditional_t<
  sizeof(T) == 1, uint8_t,
  std::conditional_t<sizeof(T) == 2, uint16_t,
                     std::conditional_t<sizeof(T) == 4, uint32_t, uint64_t>>>;

/// How a value's parts are visited, for what measures and what writes. `Self`
/// has `put` for a number, a length and a text.
template <class Self>
class saver {
public:
  using result_type = bool;
  static constexpr bool reads_state = true;
  static constexpr bool writes_state = false;

  template <class... Ts>
  bool operator()(Ts&&... xs) {
    (save(xs), ...);
    return true;
  }

private:
  template <class T>
  void save(T& x) {
    auto& self = static_cast<Self&>(*this);
    if constexpr (is_note<std::remove_const_t<T>>) {
      // Nothing to say.
    } else if constexpr (number<T>) {
      self.put(x);
    } else if constexpr (std::is_same_v<T, std::string>) {
      self.put_length(x.size());
      self.put(std::string_view{x});
    } else if constexpr (is_list<T>) {
      self.put_length(x.size());
      for (auto& one : x)
        save(one);
    } else if constexpr (is_variant<T>) {
      self.put(static_cast<uint8_t>(x.index()));
      std::visit([this](auto& one) { this->save(one); }, x);
    } else {
      inspect(self, x);
    }
  }
};

/// How many bytes a value takes.
class measure : public saver<measure> {
public:
  size_t bytes() const noexcept { return bytes_; }

private:
  friend saver<measure>;

  template <number T>
  void put(T) noexcept {
    bytes_ += sizeof(T);
  }

  void put(std::string_view x) noexcept { bytes_ += x.size(); }

  void put_length(size_t x) noexcept {
    for (++bytes_; x > 0x7F; x >>= 7)
      ++bytes_;
  }

  size_t bytes_ = 0;
};

/// Writes to where there is place for it.
class writer : public saver<writer> {
public:
  explicit writer(char* at) noexcept : at_{at} {}

private:
  friend saver<writer>;

  template <number T>
  void put(T x) noexcept {
    auto big = boost::endian::native_to_big(std::bit_cast<bits_of<T>>(x));
    std::memcpy(at_, &big, sizeof big);
    at_ += sizeof big;
  }

  void put(std::string_view x) noexcept {
    std::memcpy(at_, x.data(), x.size());
    at_ += x.size();
  }

  void put_length(size_t x) noexcept {
    for (; x > 0x7F; x >>= 7)
      put(static_cast<uint8_t>(x | 0x80));
    put(static_cast<uint8_t>(x));
  }

  char* at_;
};

/// Reads what another node has written, which may be anything. What is read takes
/// memory as the bytes come, and not as they promise.
class reader {
public:
  using result_type = bool;
  static constexpr bool reads_state = false;
  static constexpr bool writes_state = true;

  explicit reader(std::string_view from) noexcept : rest_{from} {}

  template <class... Ts>
  bool operator()(Ts&&... xs) {
    return (load(xs) && ...);
  }

  bool at_end() const noexcept { return rest_.empty(); }

private:
  template <class T>
  bool load(T& x) {
    if constexpr (is_note<std::remove_const_t<T>>)
      return true;
    else if constexpr (number<T>)
      return get(x);
    else if constexpr (std::is_same_v<T, std::string>)
      return get(x);
    else if constexpr (is_list<T>)
      return load_list(x);
    else if constexpr (is_variant<T>)
      return load_variant(x);
    else
      return inspect(*this, x);
  }

  template <number T>
  bool get(T& x) noexcept {
    bits_of<T> big;
    if (rest_.size() < sizeof big)
      return false;
    std::memcpy(&big, rest_.data(), sizeof big);
    rest_.remove_prefix(sizeof big);
    auto bits = boost::endian::big_to_native(big);
    if constexpr (std::is_same_v<T, bool>)
      x = bits != 0;
    else
      x = std::bit_cast<T>(bits);
    return true;
  }

  bool get(std::string& x) {
    uint32_t length = 0;
    if (!get_length(length) || rest_.size() < length)
      return false;
    x.assign(rest_, 0, length);
    rest_.remove_prefix(length);
    return true;
  }

  /// Of at most 32 bits; it may be written longer than it has to be.
  bool get_length(uint32_t& x) noexcept {
    uint64_t value = 0;
    for (unsigned shift = 0; shift < 35; shift += 7) {
      uint8_t byte = 0;
      if (!get(byte))
        return false;
      value |= uint64_t{byte & 0x7Fu} << shift;
      if ((byte & 0x80) == 0) {
        x = static_cast<uint32_t>(value);
        return value <= UINT32_MAX;
      }
    }
    return false;
  }

  template <class T>
  bool load_list(std::vector<T>& xs) {
    uint32_t length = 0;
    if (!get_length(length))
      return false;
    xs.clear();
    for (; length > 0; --length)
      if (!load(xs.emplace_back()))
        return false;
    return true;
  }

  template <class... Ts>
  bool load_variant(std::variant<Ts...>& x) {
    uint8_t index = 0;
    if (!get(index))
      return false;
    uint8_t i = 0;
    auto known = ((i++ == index ? (x.template emplace<Ts>(), true) : false)
                  || ...);
    return known
           && std::visit([this](auto& one) { return this->load(one); }, x);
  }

  std::string_view rest_;
};

// -- what needs a look at its value -------------------------------------------------

/// An enumeration whose values are those up to `last`.
template <class Inspector, class Enum>
bool one_of(Inspector& f, Enum& x, Enum last) {
  auto value = static_cast<uint8_t>(x);
  if (!f(value) || value > static_cast<uint8_t>(last))
    return false;
  if constexpr (Inspector::writes_state)
    x = static_cast<Enum>(value);
  return true;
}

/// In milliseconds since 1970, as clients see it.
template <class Inspector>
bool time_of(Inspector& f, std::chrono::system_clock::time_point& x) {
  using std::chrono::milliseconds, std::chrono::system_clock;
  auto since = x.time_since_epoch();
  int64_t value = std::chrono::duration_cast<milliseconds>(since).count();
  // As far as the clock goes, which counts nanoseconds.
  constexpr auto latest = std::chrono::floor<milliseconds>(
    system_clock::time_point::max().time_since_epoch());
  if (!f(value) || value < 0 || value > latest.count())
    return false;
  if constexpr (Inspector::writes_state)
    x = system_clock::time_point{milliseconds{value}};
  return true;
}

// -- whole values ----------------------------------------------------------------

/// Appends a value to bytes.
template <class T>
void write(std::string& to, const T& x) {
  // Inspectors take what is not const, and these leave it as it is.
  auto& value = const_cast<T&>(x);
  measure size;
  size(value);
  auto before = to.size();
  to.resize(before + size.bytes());
  writer{to.data() + before}(value);
}

/// Nothing where the bytes are not exactly one such value.
template <class T>
std::optional<T> read(std::string_view from) {
  std::optional<T> result{std::in_place};
  reader source{from};
  if (!source(*result) || !source.at_end())
    return std::nullopt;
  return result;
}

} // namespace parlor::binary
