// SPDX-License-Identifier: MIT
#include "messages/wire/encode.hpp"

#include "messages/wire/decode.hpp"
#include "messages/wire/json_text.hpp"
#include "messages/wire/lines.hpp"
#include "messages/wire/write.hpp"

// What users do, as every dialect has it.
namespace parlor::wire {

namespace {

/// Content as dialect `text` prints it.
struct printed {
  std::string_view content;
};

void write(std::string& out, printed x) {
  std::string text;
  if (json::is_string(x.content))
    json::append_decoded(text, x.content);
  else
    json::append_compact(text, x.content);
  write(out, in_line{text});
}

/// The member that only what the HTTP API says has, or nothing.
struct origin_member {
  bool from_api;
};

void write(std::string& out, origin_member x) {
  if (x.from_api)
    out.append(R"(,"origin":"api")");
}

/// A roster and the comma before it, or nothing.
struct roster_member {
  const std::optional<event::roster>& members;
};

void write(std::string& out, roster_member x) {
  if (x.members)
    write_all(out, ",", *x.members);
}

} // namespace

frame encode(const event::chat& x, dialect to) {
  switch (to) {
    case dialect::typed:
      return frame_of(frame_kind::chat, R"({"type":"chat","room":)", x.room,
                      R"(,"content":)", x.content, R"(,"sender":)", x.sender,
                      R"(,"timestamp":)", x.at, R"(,"seq":)", x.seq,
                      origin_member{x.from_api}, "}");
    case dialect::action:
      return frame_of(frame_kind::chat, R"({"type":"message","user_id":)",
                      x.sender, R"(,"room":)", x.room, R"(,"content":)",
                      x.content, R"(,"timestamp":)", x.at, R"(,"seq":)", x.seq,
                      origin_member{x.from_api}, "}");
    case dialect::text:
      break;
  }
  return frame_of(frame_kind::chat, name_in_line{x.sender.str()}, ": ",
                  printed{x.content});
}

frame encode(const event::private_message& x, dialect to) {
  if (to == dialect::text)
    return frame_of(frame_kind::private_message, "[Private from ",
                    name_in_line{x.sender.str()}, "]: ", printed{x.content});
  std::string_view sender_key = to == dialect::typed ? R"(,"sender":)"
                                                     : R"(,"user_id":)";
  return frame_of(frame_kind::private_message, R"({"type":"private","to":)",
                  x.to, R"(,"content":)", x.content, sender_key, x.sender,
                  R"(,"timestamp":)", x.at, origin_member{x.from_api}, "}");
}

frame encode(const event::joined& x, dialect to) {
  if (to == dialect::text)
    return frame_of(frame_kind::user_joined, name_in_line{x.user.str()},
                    " joined ", name_in_line{x.room.str()});
  return frame_of(frame_kind::user_joined,
                  R"({"type":"user_joined","user_id":)", x.user, R"(,"room":)",
                  x.room, roster_member{x.members}, R"(,"seq":)", x.seq, "}");
}

frame encode(const event::left& x, dialect to) {
  if (to == dialect::text) {
    if (x.reason != departure::left && x.room.str() == lobby)
      return frame_of(frame_kind::user_left, name_in_line{x.user.str()},
                      " left the chat");
    return frame_of(frame_kind::user_left, name_in_line{x.user.str()}, " left ",
                    name_in_line{x.room.str()});
  }
  return frame_of(frame_kind::user_left, R"({"type":"user_left","user_id":)",
                  x.user, R"(,"room":)", x.room, R"(,"reason":)",
                  quoted{to_string(x.reason)}, R"(,"seq":)", x.seq, "}");
}

frame encode(const event::system_notice& x, dialect to) {
  if (to == dialect::text)
    return frame_of(frame_kind::system, printed{x.content});
  return frame_of(frame_kind::system, R"({"type":"system","content":)",
                  x.content, R"(,"timestamp":)", x.at, "}");
}

} // namespace parlor::wire
