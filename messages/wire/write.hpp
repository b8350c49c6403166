// SPDX-License-Identifier: MIT
#pragma once

#include "messages/events.hpp"
#include "messages/frame.hpp"
#include "messages/ids.hpp"
#include "messages/wire/json_text.hpp"

#include <charconv>
#include <chrono>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Text is put together from parts of different kinds: a string_view stands for
/// itself, everything else is written as its JSON.
namespace parlor::wire {

/// A text that is written as a JSON string.
struct quoted {
  std::string_view text;
};

/// A text that came from outside of the service and may be no valid UTF-8; it
/// is Latin-1 then, as header fields once were.
struct foreign {
  std::string_view text;
};

/// A number that is written with three digits behind the point.
struct thousandths {
  double value;
};

/// A member with a number of milliseconds, from its comma to its colon
/// `opening`; nothing where there is no time.
struct optional_ms {
  std::string_view opening;
  const std::optional<std::chrono::milliseconds>& time;
};

inline void write(std::string& out, std::string_view x) {
  out.append(x);
}

inline void write(std::string& out, quoted x) {
  json::append_quoted(out, x.text);
}

void write(std::string& out, foreign x);

template <std::unsigned_integral Number>
  requires(!std::same_as<Number, bool>)
void write(std::string& out, Number x) {
  char digits[20];
  auto end = std::to_chars(digits, digits + sizeof digits, x).ptr;
  out.append(digits, end);
}

template <std::same_as<bool> Bool>
void write(std::string& out, Bool x) {
  out.append(x ? "true" : "false");
}

/// `null` for a number that JSON does not have.
void write(std::string& out, thousandths x);

inline void write(std::string& out, optional_ms x) {
  if (!x.time)
    return;
  out.append(x.opening);
  write(out, static_cast<uint64_t>(x.time->count()));
}

/// RFC 3339, UTC, milliseconds: `"2026-11-21T01:02:03.004Z"`.
void write(std::string& out, event::timestamp x);

template <class Tag>
void write(std::string& out, const text_id<Tag>& x) {
  json::append_quoted(out, x.str());
}

/// A client's id is raw JSON already.
inline void write(std::string& out, const request_id& x) {
  out.append(x.str());
}

inline void write(std::string& out, connection_id x) {
  json::append_quoted(out, to_string(x));
}

inline void write(std::string& out, const epoch& x) {
  json::append_quoted(out, to_string(x));
}

/// A frame that is JSON, as a part of another.
inline void write(std::string& out, const frame& x) {
  out.append(x.text());
}

/// Writes `xs` between brackets, or braces, each by a function.
template <class Range, class Write>
void write_each(std::string& out, std::string_view brackets, const Range& xs,
                Write write_one) {
  out += brackets[0];
  std::string_view separator;
  for (auto& x : xs) {
    out.append(separator);
    write_one(x);
    separator = ",";
  }
  out += brackets[1];
}

template <class T>
void write(std::string& out, const std::vector<T>& xs) {
  write_each(out, "[]", xs, [&](auto& x) { write(out, x); });
}

/// A member of an object, key and value: the list, or the number alone.
void write(std::string& out, const event::roster& x);

template <class... Parts>
void write_all(std::string& out, const Parts&... parts) {
  (write(out, parts), ...);
}

/// This thread's buffer to write a frame's text in, empty. It keeps its memory,
/// but for that of an unusually long text.
std::string& scratch();

/// A frame of these parts.
template <class... Parts>
frame frame_of(frame_kind kind, const Parts&... parts) {
  auto& out = scratch();
  write_all(out, parts...);
  return frame{out, kind};
}

} // namespace parlor::wire
