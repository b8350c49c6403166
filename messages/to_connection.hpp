// SPDX-License-Identifier: MIT
#pragma once

#include "messages/error.hpp"
#include "messages/handles.hpp"
#include "messages/ids.hpp"

#include <caf/meta/type_name.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace parlor {

/// What a client sent: the payload of one text message, valid UTF-8.
struct client_frame {
  std::string text;
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, client_frame& x) {
  return f(caf::meta::type_name("client_frame"), x.text);
}

/// The socket has ended, by whatever way.
struct socket_closed {
  close_code code = close_code::abnormal;
  std::string reason;
  departure why = departure::closed;
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, socket_closed& x) {
  return f(caf::meta::type_name("socket_closed"), x.code, x.reason, x.why);
}

/// The connection is in.
struct admitted {
  /// The rooms with members, at most `max_rooms_listed`, as a list in JSON: all
  /// who come in between two changes are told the same text.
  std::string rooms = "[]";
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, admitted& x) {
  return f(caf::meta::type_name("admitted"), x.rooms);
}

/// The connection has to close, and how.
struct dismissed {
  close_code code = close_code::normal;
  std::string reason;
  departure why = departure::closed;
  /// When the client may come back, in milliseconds; 0 says nothing of it.
  uint64_t retry_after_ms = 0;
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, dismissed& x) {
  return f(caf::meta::type_name("dismissed"), x.code, x.reason, x.why,
           x.retry_after_ms);
}

/// A room has taken the connection in.
struct joined {
  room_name room;
  room_actor handle;
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, joined& x) {
  return f(caf::meta::type_name("joined"), x.room, x.handle);
}

/// A room or the directory has not.
struct not_joined {
  room_name room;
  ec code = ec::internal;
  std::string message;
  request_id id;
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, not_joined& x) {
  return f(caf::meta::type_name("not_joined"), x.room, x.code, x.message, x.id);
}

/// A room has failed; who was in it is in it no more.
struct room_failed {
  room_name room;
  /// Which one of that name: there may be a new one already.
  room_actor handle;
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, room_failed& x) {
  return f(caf::meta::type_name("room_failed"), x.room, x.handle);
}

/// A connection as /admin/connections?detail=1 shows it.
struct connection_report {
  connection_id id;
  user_id user;
  std::vector<room_name> rooms;
  /// Seconds since 1970.
  double connected_at = 0;
  std::string ip;
  std::string client;
  /// Microseconds; negative where not measured yet.
  int64_t round_trip_us = -1;
  uint64_t outbox_bytes = 0;
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, connection_report& x) {
  return f(caf::meta::type_name("connection_report"), x.id, x.user, x.rooms,
           x.connected_at, x.ip, x.client, x.round_trip_us, x.outbox_bytes);
}

} // namespace parlor
