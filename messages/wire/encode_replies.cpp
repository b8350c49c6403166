// SPDX-License-Identifier: MIT
#include "messages/wire/encode.hpp"

#include "messages/wire/write.hpp"

// Answers to a client's frame.
namespace parlor::wire {

namespace {

/// A reply whose members, from the first comma on, are these parts.
template <class... Parts>
frame reply_of(const request_id& id, dialect to, const Parts&... parts) {
  if (!is_answered(id, to))
    return {};
  return frame_of(frame_kind::reply, R"({"type":"reply","id":)", id,
                  R"(,"ok":true)", parts..., "}");
}

} // namespace

bool is_answered(const request_id& id, dialect to) noexcept {
  return !id.empty() && to != dialect::text;
}

frame encode(const event::join_reply& x, dialect to) {
  return reply_of(x.id, to, R"(,"room":)", x.room, R"(,"epoch":)", x.epoch,
                  R"(,"seq":)", x.seq, ",", x.members, R"(,"recovered":)",
                  x.recovered, R"(,"replayed":)", x.replayed);
}

frame encode(const event::done_reply& x, dialect to) {
  return reply_of(x.id, to, R"(,"room":)", x.room);
}

frame encode(const event::token_reply& x, dialect to) {
  return reply_of(x.id, to, R"(,"user_id":)", x.user,
                  optional_ms{R"(,"expires_in_ms":)", x.expires});
}

frame encode(const event::publish_reply& x, dialect to) {
  return reply_of(x.id, to, R"(,"seq":)", x.seq, R"(,"epoch":)", x.epoch);
}

frame encode(const event::private_reply& x, dialect to) {
  return reply_of(x.id, to, R"(,"delivered":)", x.delivered);
}

frame encode(const event::members_reply& x, dialect to) {
  return reply_of(x.id, to, R"(,"room":)", x.room, ",", x.members);
}

frame encode(const event::rooms_reply& x, dialect to) {
  return reply_of(x.id, to, R"(,"rooms":)", x.rooms);
}

frame encode(const event::history_reply& x, dialect to) {
  return reply_of(x.id, to, R"(,"room":)", x.room, R"(,"messages":)",
                  x.messages);
}

} // namespace parlor::wire
