// SPDX-License-Identifier: MIT
#include "messages/wire/encode.hpp"

#include "messages/wire/json_text.hpp"
#include "messages/wire/lines.hpp"
#include "messages/wire/write.hpp"

#include <utility>

// What the service says of itself and of the connection.
namespace parlor::wire {

namespace {

optional_ms retry_after(const std::optional<std::chrono::milliseconds>& time) {
  return {R"(,"retry_after_ms":)", time};
}

/// A member with the client's id, or nothing.
struct id_member {
  const request_id& id;
};

void write(std::string& out, id_member x) {
  if (!x.id.empty())
    write_all(out, R"(,"id":)", x.id);
}

/// A member with a room, or nothing.
struct room_member {
  const room_name& room;
};

void write(std::string& out, room_member x) {
  if (!x.room.empty())
    write_all(out, R"(,"room":)", x.room);
}

} // namespace

event::raw_json list_of(const std::vector<room_name>& rooms) {
  event::raw_json result;
  write(result, rooms);
  return result;
}

event::raw_json list_of_users(const std::map<user_id, size_t>& users) {
  auto& out = scratch();
  write_each(out, "[]", users, [&](auto& user) { write(out, user.first); });
  return out;
}

event::raw_json allowed_of(std::string_view list, const permissions& may) {
  std::vector<room_name> kept;
  for (auto at = list.find('"'); at != list.npos; at = list.find('"', at)) {
    auto end = at + 1;
    while (list[end] != '"')
      end += list[end] == '\\' ? 2 : 1;
    ++end;
    room_name room{json::decoded(list.substr(at, end - at))};
    if (may.allow(room))
      kept.push_back(std::move(room));
    at = end;
  }
  return list_of(kept);
}

frame encode(const event::connected& x, dialect to) {
  if (to == dialect::text)
    return {};
  return frame_of(frame_kind::connected, R"({"type":"connected","user_id":)",
                  x.user, R"(,"rooms":)", x.rooms, R"(,"connection":)",
                  x.connection, R"(,"node":)", quoted{x.node}, R"(,"ping_ms":)",
                  static_cast<uint64_t>(x.ping.count()),
                  R"(,"limits":{"message_bytes":)", x.message_bytes,
                  R"(,"rooms_per_connection":)", x.rooms_per_connection,
                  R"(,"messages_per_second":)", x.messages_per_second,
                  R"(,"message_burst":)", x.message_burst,
                  R"(,"json_depth":)", x.json_depth, "}}");
}

frame encode(const event::skip& x, dialect to) {
  if (to == dialect::text)
    return {};
  return frame_of(frame_kind::skip, R"({"type":"skip","room":)", x.room,
                  R"(,"seq":)", x.seq, "}");
}

frame encode(const event::room_reset& x, dialect to) {
  if (to == dialect::text)
    return {};
  return frame_of(frame_kind::room_reset, R"({"type":"room_reset","room":)",
                  x.room, R"(,"epoch":)", x.epoch, R"(,"seq":)", x.seq,
                  x.failover ? R"(,"reason":"failover"})"
                             : R"(,"reason":"restart"})");
}

frame encode(const event::members_count& x, dialect to) {
  if (to == dialect::text)
    return {};
  return frame_of(frame_kind::members_count,
                  R"({"type":"members_count","room":)", x.room, R"(,"count":)",
                  x.count, "}");
}

frame encode(const event::closing& x, dialect to) {
  if (to == dialect::text)
    return {};
  return frame_of(frame_kind::closing, R"({"type":"closing","code":)",
                  static_cast<uint16_t>(x.code), R"(,"reason":)",
                  quoted{x.reason}, R"(,"reconnect":)", reconnects(x.code),
                  retry_after(x.retry_after), "}");
}

frame encode(const event::error& x, dialect to) {
  if (to == dialect::text)
    return frame_of(frame_kind::error, "error: ", in_line{x.message});
  return frame_of(
    frame_kind::error, R"({"type":"error","code":)", quoted{to_string(x.code)},
    R"(,"message":)", quoted{x.message}, id_member{x.id}, room_member{x.room},
    R"(,"retryable":)", retryable(x.code), retry_after(x.retry_after), "}");
}

frame encode(const event::token_expiring& x, dialect to) {
  if (to == dialect::text)
    return {};
  return frame_of(frame_kind::token_expiring,
                  R"({"type":"token_expiring","in_ms":)",
                  static_cast<uint64_t>(x.in.count()), "}");
}

frame encode(const event::pong& x, dialect to) {
  if (to == dialect::text)
    return {};
  return frame_of(frame_kind::pong, R"({"type":"pong")", id_member{x.id}, "}");
}

} // namespace parlor::wire
