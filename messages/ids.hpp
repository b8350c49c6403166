// SPDX-License-Identifier: MIT
#pragma once

#include "messages/keyed_hash.hpp"

#include <caf/meta/type_name.hpp>

#include <compare>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

namespace parlor {

/// A text that names one kind of thing, so that a user cannot be passed where
/// a room is meant. Names that clients choose are checked by `valid_name`
/// (messages/wire/names.hpp) before one of these is made.
template <class Tag>
class text_id {
public:
  text_id() = default;

  explicit text_id(std::string text) : text_{std::move(text)} {}

  const std::string& str() const noexcept { return text_; }

  bool empty() const noexcept { return text_.empty(); }

  friend auto operator<=>(const text_id&, const text_id&) = default;

  template <class Inspector>
  friend typename Inspector::result_type inspect(Inspector& f, text_id& x) {
    return f(caf::meta::type_name(Tag::name), x.text_);
  }

private:
  std::string text_;
};

struct user_tag {
  static constexpr const char* name = "user_id";
};
struct room_tag {
  static constexpr const char* name = "room_name";
};
struct request_tag {
  static constexpr const char* name = "request_id";
};

/// A user: 1-255 bytes of UTF-8. One user may have several connections.
using user_id = text_id<user_tag>;

/// A room: 1-255 bytes of UTF-8. Only the canary's has a control character.
using room_name = text_id<room_tag>;

/// The `id` of a client's frame as it was sent: the raw JSON of a string or an
/// integer, at most 64 bytes; empty where the frame had none.
using request_id = text_id<request_tag>;

/// One connection of this node: the I/O thread it lives on, its place in that
/// thread's table, and how often the place was used before. An id is never
/// used twice, so that one which is gone can be recognised.
class connection_id {
public:
  connection_id() = default;

  connection_id(uint8_t thread, uint32_t slot, uint32_t generation) noexcept
    : value_{uint64_t{thread} << 56 | uint64_t{slot & 0xFFFFFF} << 32
             | generation} {}

  explicit connection_id(uint64_t value) noexcept : value_{value} {}

  uint64_t value() const noexcept { return value_; }

  uint8_t thread() const noexcept { return uint8_t(value_ >> 56); }

  uint32_t slot() const noexcept { return uint32_t(value_ >> 32) & 0xFFFFFF; }

  uint32_t generation() const noexcept { return uint32_t(value_); }

  /// False for the default-made id, which names no connection.
  explicit operator bool() const noexcept { return value_ != 0; }

  friend auto operator<=>(connection_id, connection_id) = default;

  template <class Inspector>
  friend typename Inspector::result_type inspect(Inspector& f,
                                                 connection_id& x) {
    return f(caf::meta::type_name("connection_id"), x.value_);
  }

private:
  uint64_t value_ = 0;
};

/// 16 hexadecimal digits; the order of the texts is the order of the ids.
std::string to_string(connection_id id);

/// The id that such a text names; the empty id where it is none.
connection_id to_connection_id(std::string_view text) noexcept;

/// One opening of a room: (the view's revision, or the process's start in
/// milliseconds since 1970 where there is no cluster; a counter of openings).
/// Never used again. Opaque to clients.
struct epoch {
  uint64_t revision = 0;
  uint64_t opening = 0;

  friend auto operator<=>(const epoch&, const epoch&) = default;

  template <class Inspector>
  friend typename Inspector::result_type inspect(Inspector& f, epoch& x) {
    return f(caf::meta::type_name("epoch"), x.revision, x.opening);
  }
};

/// As clients see it, for example "19a5c3f2e01-7".
std::string to_string(const epoch& x);

/// The epoch that such a text names; where it is none, the default one, which
/// no room ever has.
epoch to_epoch(std::string_view text) noexcept;

} // namespace parlor

/// Not noexcept: libstdc++ makes such a hash once for each entry of a table, and
/// keeps it; others it makes again whenever it meets the entry.
template <class Tag>
struct std::hash<parlor::text_id<Tag>> {
  size_t operator()(const parlor::text_id<Tag>& x) const {
    return parlor::keyed_hash{}(x.str());
  }
};

template <>
struct std::hash<parlor::connection_id> {
  size_t operator()(parlor::connection_id x) const noexcept {
    return parlor::keyed_hash{}(x.value());
  }
};
