// SPDX-License-Identifier: MIT
#pragma once

#include "messages/error.hpp"
#include "messages/ids.hpp"
#include "messages/ports.hpp"
#include "messages/to_connection.hpp"
#include "messages/to_registry.hpp"
#include "messages/to_room.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

/// The HTTP API's JSON (PROTOCOL §5, §8.6-7): bodies in, answers out.
namespace parlor::wire {

/// Why a body was not understood: the `detail` of the problem.
struct bad_body {
  std::string detail;
};

template <class T>
using body = std::variant<T, bad_body>;

/// `POST /api/v1/publish {room,content,sender?,exclude?,key?}`. Without a sender
/// the message comes from `sender`. `key` is that of the header Idempotency-Key,
/// with or without quotes; empty where there is none. Unknown members are
/// ignored.
body<post> decode_publish_body(std::string_view text, size_t json_depth,
                               std::string_view key = {},
                               std::string_view sender = "server");

/// `POST /api/v1/send {user,content}`.
body<user_message> decode_send_body(std::string_view text, size_t json_depth);

/// `POST /api/v1/broadcast {content,exclude?}`.
body<broadcast> decode_broadcast_body(std::string_view text, size_t json_depth);

/// `POST /api/v1/disconnect {user}`.
body<kick_user> decode_disconnect_body(std::string_view text,
                                       size_t json_depth);

/// How a node has answered.
enum class node_status : uint8_t {
  up,
  /// A part of it did not answer in time.
  incomplete,
  /// The whole of it did not: what it has is missing.
  silent,
};

/// A node as lists show it.
struct node_line {
  std::string node;
  node_status status = node_status::up;
  uint64_t connections = 0;
};

/// Of a cluster, by name; empty on a single node.
using node_lines = std::vector<node_line>;

/// The nodes of connections that are not on the one that answers.
using elsewhere = std::map<connection_id, std::string>;

/// What /admin/connections gathers from the whole node, or cluster.
struct overview {
  std::vector<room_report> rooms;
  registry_stats totals;
  std::string node;
  /// Whether a part of the node did not answer in time.
  bool complete = true;
  /// `?detail=1`: one page of connections, by id.
  std::optional<std::vector<connection_report>> connections;
  node_lines nodes = {};
  wire::elsewhere elsewhere = {};
};

std::string render(const overview& x);

/// /admin/stats: S2's get_stats, with the number of rooms.
std::string render(const registry_stats& x, uint64_t rooms,
                   const node_lines& nodes = {});

/// /admin/rooms, sorted by name, and /admin/rooms/{room}.
std::string render(const std::vector<room_report>& rooms,
                   const node_lines& nodes = {});
std::string render(const room_report& room, const node_lines& nodes = {});

/// /admin/users, and /admin/users/{id}.
std::string render(const user_list& users, const node_lines& nodes = {});
std::string render(const user_id& user,
                   const std::vector<connection_report>& connections,
                   std::string_view node, const node_lines& nodes = {},
                   const elsewhere& others = {});

/// Answers of /api/v1.
std::string render(const post_receipt& x);
std::string render_delivered(uint64_t connections);
std::string render_disconnected(uint64_t connections);
std::string render_ok(const node_lines& nodes = {});

/// /health/live, and /health/ready when all is well.
std::string render_live();
std::string render_ready(double slowest_ms);

/// RFC 9457: `{"type":"about:blank","title":…,"status":N,"detail":…}`; the
/// title is the status's reason phrase.
api_answer problem(unsigned status, std::string_view detail);

} // namespace parlor::wire
