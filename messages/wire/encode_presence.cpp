// SPDX-License-Identifier: MIT
#include "messages/wire/encode.hpp"

#include "messages/wire/write.hpp"

// What members say of themselves, in passing or for as long as they are in.
// Dialect `text` has none of it.
namespace parlor::wire {

namespace {

/// One connection of a user, with its data.
void write(std::string& out,
           const event::presences::mapped_type::value_type& x) {
  write_all(out, R"({"connection":)", x.first, R"(,"data":)",
            std::string_view{x.second}, "}");
}

/// `{"alice":[{"connection":…,"data":…}]}`
void write(std::string& out, const event::presences& x) {
  write_each(out, "{}", x, [&](auto& user) {
    write_all(out, user.first, ":");
    write_each(out, "[]", user.second, [&](auto& one) { write(out, one); });
  });
}

} // namespace

frame encode(const event::signal& x, dialect to) {
  if (to == dialect::text)
    return {};
  return frame_of(frame_kind::signal, R"({"type":"signal","room":)", x.room,
                  R"(,"name":)", quoted{x.name}, R"(,"data":)",
                  std::string_view{x.data}, R"(,"user_id":)", x.user, "}");
}

frame encode(const event::presence_state& x, dialect to) {
  if (to == dialect::text)
    return {};
  auto& out = scratch();
  write_all(out, R"({"type":"presence_state","room":)", x.room);
  if (x.state) {
    out.append(R"(,"state":)");
    write(out, *x.state);
  } else {
    write_all(out, R"(,"count":)", x.count);
  }
  out += '}';
  return frame{out, frame_kind::presence_state};
}

frame encode(const event::presence_diff& x, dialect to) {
  if (to == dialect::text)
    return {};
  auto& out = scratch();
  write_all(out, R"({"type":"presence_diff","room":)", x.room);
  if (x.changed) {
    out.append(R"(,"joins":)");
    write(out, x.changed->joins);
    out.append(R"(,"leaves":)");
    write(out, x.changed->leaves);
  } else {
    write_all(out, R"(,"count":)", x.count);
  }
  out += '}';
  return frame{out, frame_kind::presence_diff};
}

} // namespace parlor::wire
