// SPDX-License-Identifier: MIT
#pragma once

#include "messages/dialect.hpp"
#include "messages/error.hpp"
#include "messages/handles.hpp"
#include "messages/ids.hpp"

#include <caf/meta/type_name.hpp>
#include <caf/timespan.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace parlor {

/// A connection of which nobody knows yet whose it is: it has a place from now
/// on, or is dismissed.
struct stranger {
  connection_id connection;
  connection_actor handle;
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, stranger& x) {
  return f(caf::meta::type_name("stranger"), x.connection, x.handle);
}

/// A connection asks to be let in.
struct entrance {
  connection_id connection;
  user_id user;
  dialect speaks = dialect::typed;
  connection_actor handle;
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, entrance& x) {
  return f(caf::meta::type_name("entrance"), x.connection, x.user, x.speaks,
           x.handle);
}

/// A client's message to a user. The sender is answered through its lane.
struct private_message {
  request_id id;
  user_id to;
  user_id sender;
  /// Any JSON value, as it was sent.
  std::string content;
  /// The sender's connection, and what it speaks.
  connection_id from;
  dialect speaks = dialect::typed;
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, private_message& x) {
  return f(caf::meta::type_name("private_message"), x.id, x.to, x.sender,
           x.content, x.from, x.speaks);
}

/// The HTTP API's message to a user, from `api.sender`.
struct user_message {
  user_id to;
  /// Any JSON value, as it was sent.
  std::string content;
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, user_message& x) {
  return f(caf::meta::type_name("user_message"), x.to, x.content);
}

/// A notice to everyone.
struct broadcast {
  /// Any JSON value, as it was sent.
  std::string content;
  /// A user or a connection to leave out; empty is none.
  std::string exclude;
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, broadcast& x) {
  return f(caf::meta::type_name("broadcast"), x.content, x.exclude);
}

/// An administrator closes all connections of a user (4004).
struct kick_user {
  user_id user;
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, kick_user& x) {
  return f(caf::meta::type_name("kick_user"), x.user);
}

/// An administrator closes one connection (4004).
struct kick_connection {
  connection_id connection;
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, kick_connection& x) {
  return f(caf::meta::type_name("kick_connection"), x.connection);
}

/// Asks for the connections of one user.
struct user_query {
  user_id user;
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, user_query& x) {
  return f(caf::meta::type_name("user_query"), x.user);
}

/// Asks for at most `limit` connections whose id is above `after`.
struct connections_query {
  connection_id after;
  uint64_t limit = 0;
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, connections_query& x) {
  return f(caf::meta::type_name("connections_query"), x.after, x.limit);
}

/// Connections by id.
struct connection_list {
  std::vector<connection_actor> connections;
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, connection_list& x) {
  return f(caf::meta::type_name("connection_list"), x.connections);
}

/// Asks for at most `limit` users whose name is above `after`.
struct users_query {
  user_id after;
  uint64_t limit = 0;
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, users_query& x) {
  return f(caf::meta::type_name("users_query"), x.after, x.limit);
}

/// A user and how many connections it has.
struct user_entry {
  user_id user;
  uint64_t connections = 0;
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, user_entry& x) {
  return f(caf::meta::type_name("user_entry"), x.user, x.connections);
}

/// Users by name.
struct user_list {
  std::vector<user_entry> users;
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, user_list& x) {
  return f(caf::meta::type_name("user_list"), x.users);
}

/// How many there are.
struct registry_stats {
  uint64_t connections = 0;
  uint64_t users = 0;
  uint64_t max_connections = 0;
  /// Users of the whole cluster whose home this node is; on a single node, all.
  uint64_t homed = 0;
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, registry_stats& x) {
  return f(caf::meta::type_name("registry_stats"), x.connections, x.users,
           x.max_connections, x.homed);
}

/// The service stops; every client is told so with this code.
struct closing_time {
  close_code code = close_code::service_restart;
  /// All should have been told by then, however many they are; 0 is any time.
  caf::timespan within{0};
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, closing_time& x) {
  return f(caf::meta::type_name("closing_time"), x.code, x.within);
}

} // namespace parlor
