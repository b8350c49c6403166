// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace parlor {

/// What a connection above its user's limit does (PROTOCOL §1).
enum class per_user_policy : uint8_t { evict_oldest, reject_new };

/// Every limit of the service with its default (PROTOCOL §7). Sizes are bytes,
/// counts are per node unless said otherwise; read-only once the node runs.
struct limits {
  using duration = std::chrono::nanoseconds;

  /// Connections in all; filled in from RLIMIT_NOFILE where it is 0.
  size_t max_connections = 0;
  size_t max_connections_per_user = 5;
  per_user_policy policy = per_user_policy::evict_oldest;

  /// Payload of one message of a client; more closes with 1009.
  size_t message_bytes = 65536;
  size_t json_depth = 32;
  size_t rooms_per_connection = 128;
  /// Connections in one room; 0 is none.
  size_t members_per_room = 0;
  size_t rooms = 100000;

  /// Sustained messages a second of one connection, and how many at once;
  /// 0 is none.
  uint32_t messages_per_second = 50;
  uint32_t message_burst = 100;
  /// Malformed frames in 10 s before 1008; 0 is none.
  uint32_t errors = 100;

  /// What may wait for one slow socket before 4008.
  size_t outbox_bytes = 1048576;
  /// What may wait for all slow sockets together before 4008 for the slowest;
  /// filled in from the memory of the process where it is 0.
  size_t outboxes_bytes = 0;
  /// How long a socket may take nothing before 4008.
  duration outbox_stall = std::chrono::seconds{10};
  duration handshake_timeout = std::chrono::seconds{10};
  duration http_idle = std::chrono::seconds{30};
  /// How long a client may take to say who it is before 4009.
  duration hello_timeout = std::chrono::seconds{10};

  /// Above this many users a member list is a count.
  size_t members_listed = 100;
  /// Above this many users joins and leaves are not announced.
  size_t members_announced = 1000;

  /// Chats that a room keeps; 0 keeps nothing. Joins and leaves between them
  /// are kept too, and do not count.
  size_t history_size = 256;
  /// For how long.
  duration history_ttl = std::chrono::minutes{5};
  /// Memory of what one room keeps.
  size_t history_room_bytes = 1048576;
  /// Memory of what all rooms of the node keep, with the keys of idempotent
  /// messages; each I/O thread has an equal part. Empty rooms, with what they
  /// are themselves (`room_bytes`), have no more than this either.
  size_t history_total_bytes = 268435456;

  /// How long a user who vanished without a close frame is taken to be there.
  duration presence_grace = std::chrono::seconds{0};

  /// How many clients a second are sent home at closing time, and told to come
  /// back.
  uint64_t drain_rate = 500;

  duration heartbeat_interval = std::chrono::seconds{15};
  duration heartbeat_timeout = std::chrono::seconds{30};
};

/// Names and ids, in bytes (PROTOCOL §1).
inline constexpr size_t max_name_bytes = 255;

/// A client's `id`, in bytes of JSON (PROTOCOL §2).
inline constexpr size_t max_request_id_bytes = 64;

/// A connection's presence data in a room, in bytes of JSON; more is
/// `too_large`.
inline constexpr size_t max_presence_bytes = 2048;

/// How long a change of presence may wait for others to be told with it
/// (PROTOCOL §8.4).
inline constexpr std::chrono::milliseconds presence_pause{100};

/// Keys of idempotent messages that a room remembers: so many, for so long
/// (PROTOCOL §2).
inline constexpr size_t max_keys = 10000;
inline constexpr std::chrono::minutes key_ttl{5};

/// Memory of a room without what it keeps, on a node of two I/O threads, about:
/// its actor, its lanes, and what the directory knows of it.
inline constexpr size_t room_bytes = 8192;

/// A room that has failed so often in so short a time is not opened again while
/// that holds (PROTOCOL §4, `unavailable`).
inline constexpr std::ptrdiff_t max_room_failures = 3;
inline constexpr std::chrono::seconds room_failure_window{10};

/// Chats that a `history` query answers with where it does not say how many.
inline constexpr uint64_t default_history = 100;

/// Rooms that `connected` lists (PROTOCOL §3).
inline constexpr size_t max_rooms_listed = 100;

/// Body of an HTTP request; more is 413 (PROTOCOL §8.6).
inline constexpr size_t max_body_bytes = 1048576;

/// Bodies of all requests of one I/O thread that are not answered yet; a request
/// beyond that is 503.
inline constexpr size_t max_bodies_bytes = 33554432;

/// Header of an HTTP request; more is 431 (DESIGN §4).
inline constexpr size_t max_header_bytes = 16384;

/// Fields of that header; more is 431.
inline constexpr size_t max_header_fields = 100;

/// Messages of one client that are read but not yet served; at this many its
/// socket is not read (DESIGN §4).
inline constexpr uint32_t read_credit = 32;

/// Questions of one client, each with an answer that may be long, that are asked
/// and not yet answered; the next ones wait (PROTOCOL §7).
inline constexpr uint32_t max_questions = 8;

/// How long before a token expires its bearer is told (PROTOCOL §8.8).
inline constexpr std::chrono::seconds token_warning{25};

/// When the first client that is sent home at closing time may come back: a
/// node that is started anew takes a moment.
inline constexpr std::chrono::milliseconds first_return{500};

/// How often clients are sent home at closing time, a part of them each time.
inline constexpr std::chrono::milliseconds drain_pause{100};

/// Rows of one page of an admin list: the default, and the most.
inline constexpr size_t default_page = 100;
inline constexpr size_t max_page = 1000;

/// How long a connection that is closed waits for answers without which what its
/// client said before cannot be passed on (PROTOCOL §5): longer than a room waits
/// for its home.
inline constexpr std::chrono::seconds parting_patience{10};

/// For how long errors and rate are counted before they close (PROTOCOL §4).
inline constexpr std::chrono::seconds abuse_window{10};

/// How long an admin answer waits for a silent actor (PROTOCOL §5).
inline constexpr std::chrono::milliseconds admin_patience{500};

/// The same for all that readiness asks together; and how long an HTTP session
/// waits for admin's answer about the health, so that one comes within 500 ms.
inline constexpr std::chrono::milliseconds ready_patience{400};
inline constexpr std::chrono::milliseconds health_patience{450};

// What users and admin ask of other nodes; links have their own limits.

/// How often what was not answered is looked at.
inline constexpr std::chrono::milliseconds peer_pause{100};

/// How many pauses a node that has become the home of users waits for the tables
/// of the others. A stopped node is a member until its lease ends, and nobody
/// should wait for that: who comes in meanwhile may be one too many, and the
/// limit is kept once the table is there.
inline constexpr unsigned gathering_pauses = 3;

/// How many pauses a connection waits for its user's home before it is let in
/// without: a client should not feel that a home is silent.
inline constexpr unsigned entrance_pauses = 10;

/// How many pauses a message to a user or a room waits for a home that answers:
/// longer than a lease mostly is, so that a dead home's successor can.
inline constexpr unsigned letter_pauses = 50;

/// What a node keeps for its users of others' questions while it gathers tables,
/// in bytes; more is declined.
inline constexpr size_t max_held_bytes = 16777216;

/// Connections in one page of a table, and rows in one of admin's.
inline constexpr size_t rows_per_page = 500;

/// Messages to a user that were sent again, and which nobody may hear twice: so
/// many are remembered for each node that sends.
inline constexpr size_t max_repeats = 4096;

} // namespace parlor
