// SPDX-License-Identifier: MIT
#pragma once

#include "messages/dialect.hpp"
#include "messages/handles.hpp"
#include "messages/ids.hpp"
#include "messages/recovery.hpp"

#include <caf/meta/type_name.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace parlor {

/// A connection wants to be a member. Passes the directory.
struct join {
  room_name room;
  request_id id;
  connection_id connection;
  user_id user;
  dialect speaks = dialect::typed;
  connection_actor handle;
  /// Whether those who speak dialect `text` are told nothing of it, as of the
  /// lobby that they all begin in.
  bool silent = false;
  join_wishes wants = {};
  /// Whether it was a member of a room of this name that has failed: no reply
  /// but `room_reset` is due.
  bool again = false;
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, join& x) {
  return f(caf::meta::type_name("join"), x.room, x.id, x.connection, x.user,
           x.speaks, x.handle, x.silent, x.wants, x.again);
}

/// A member wants to be none any more.
struct leave {
  request_id id;
  connection_id connection;
  connection_actor handle;
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, leave& x) {
  return f(caf::meta::type_name("leave"), x.id, x.connection, x.handle);
}

/// A member's message to all.
struct publish {
  request_id id;
  connection_id connection;
  /// Any JSON value, as it was sent.
  std::string content;
  /// Whether the sender's own connection is left out.
  bool exclude_self = false;
  /// Makes it idempotent: of messages of one user with the same key only the
  /// first one counts. Empty is none.
  std::string key = {};
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, publish& x) {
  return f(caf::meta::type_name("publish"), x.id, x.connection, x.content,
           x.exclude_self, x.key);
}

/// A member asks who is here.
struct members_query {
  request_id id;
  connection_id connection;
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, members_query& x) {
  return f(caf::meta::type_name("members_query"), x.id, x.connection);
}

/// What a member tells the others in passing, such as that it types.
struct signal_message {
  request_id id;
  connection_id connection;
  std::string name;
  /// Any JSON value, as it was sent.
  std::string data;
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, signal_message& x) {
  return f(caf::meta::type_name("signal_message"), x.id, x.connection, x.name,
           x.data);
}

/// A member asks what was said: at most `limit` chats before number `before`,
/// the last of them.
struct history_query {
  request_id id;
  connection_id connection;
  uint64_t before = 0;
  uint64_t limit = 0;
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, history_query& x) {
  return f(caf::meta::type_name("history_query"), x.id, x.connection, x.before,
           x.limit);
}

/// A member says of itself.
struct presence_update {
  request_id id;
  connection_id connection;
  /// Any JSON value, as it was sent, of at most `max_presence_bytes`.
  std::string data;
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, presence_update& x) {
  return f(caf::meta::type_name("presence_update"), x.id, x.connection, x.data);
}

/// A message of the HTTP API. Passes the directory.
struct post {
  room_name room;
  user_id sender;
  /// Any JSON value, as it was sent.
  std::string content;
  /// A user or a connection to leave out; empty is none.
  std::string exclude;
  /// Makes it idempotent, as in `publish`; empty is none.
  std::string key = {};
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, post& x) {
  return f(caf::meta::type_name("post"), x.room, x.sender, x.content, x.exclude,
           x.key);
}

/// What a posted message is called.
struct post_receipt {
  uint64_t seq = 0;
  parlor::epoch epoch;
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, post_receipt& x) {
  return f(caf::meta::type_name("post_receipt"), x.seq, x.epoch);
}

/// A room as admin shows it.
struct room_report {
  room_name room;
  /// Distinct users, sorted.
  std::vector<user_id> users;
  uint64_t connections = 0;
  uint64_t seq = 0;
  parlor::epoch epoch;
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, room_report& x) {
  return f(caf::meta::type_name("room_report"), x.room, x.users, x.connections,
           x.seq, x.epoch);
}

} // namespace parlor
