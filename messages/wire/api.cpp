// SPDX-License-Identifier: MIT
#include "messages/wire/api.hpp"

#include "messages/wire/write.hpp"

#include <algorithm>

// Rendered like frames and not through a JSON library: there an ordered object
// of 100,000 rooms takes quadratic time, and here nothing throws.
namespace parlor::wire {

namespace {

template <class... Parts>
std::string text_of(const Parts&... parts) {
  std::string result;
  write_all(result, parts...);
  return result;
}

/// Pointers to the elements, in the order of one of their members.
template <class T, class Key>
std::vector<const T*> sorted(const std::vector<T>& xs, Key T::*key) {
  std::vector<const T*> result;
  result.reserve(xs.size());
  for (auto& x : xs)
    result.push_back(&x);
  std::sort(result.begin(), result.end(),
            [=](auto lhs, auto rhs) { return lhs->*key < rhs->*key; });
  return result;
}

void write_round_trip(std::string& out, int64_t us) {
  if (us < 0)
    out.append("null");
  else
    write(out, thousandths{static_cast<double>(us) / 1000});
}

void write_details(std::string& out, const std::vector<connection_report>& xs,
                   std::string_view node, const elsewhere& others) {
  auto write_one = [&](const connection_report* x) {
    auto other = others.find(x->id);
    auto at = other != others.end() ? std::string_view{other->second} : node;
    write_all(out, R"({"id":)", x->id, R"(,"user_id":)", x->user,
              R"(,"rooms":)", x->rooms, R"(,"connected_at":)",
              thousandths{x->connected_at}, R"(,"ip":)", foreign{x->ip},
              R"(,"client":)", foreign{x->client}, R"(,"rtt_ms":)");
    write_round_trip(out, x->round_trip_us);
    write_all(out, R"(,"outbox_bytes":)", x->outbox_bytes, R"(,"node":)",
              foreign{at}, "}");
  };
  write_each(out, "[]", sorted(xs, &connection_report::id), write_one);
}

std::string_view name_of(node_status x) {
  switch (x) {
    case node_status::up:
      return "up";
    case node_status::incomplete:
      return "incomplete";
    default:
      return "silent";
  }
}

void write_list(std::string& out, const node_lines& nodes) {
  write_each(out, "[]", nodes, [&](auto& x) {
    write_all(out, R"({"id":)", foreign{x.node}, R"(,"status":)",
              quoted{name_of(x.status)}, R"(,"connections":)", x.connections,
              "}");
  });
}

/// The last member of an object.
void write_last(std::string& out, const node_lines& nodes) {
  if (!nodes.empty()) {
    out += R"(,"nodes":)";
    write_list(out, nodes);
  }
  out += '}';
}

std::string_view reason_phrase(unsigned status) {
  switch (status) {
    case 400:
      return "Bad Request";
    case 401:
      return "Unauthorized";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 408:
      return "Request Timeout";
    case 409:
      return "Conflict";
    case 411:
      return "Length Required";
    case 413:
      return "Content Too Large";
    case 415:
      return "Unsupported Media Type";
    case 422:
      return "Unprocessable Content";
    case 426:
      return "Upgrade Required";
    case 429:
      return "Too Many Requests";
    case 431:
      return "Request Header Fields Too Large";
    case 500:
      return "Internal Server Error";
    case 501:
      return "Not Implemented";
    case 503:
      return "Service Unavailable";
    case 504:
      return "Gateway Timeout";
    default:
      return "Error";
  }
}

} // namespace

std::string render(const overview& x) {
  auto rooms = sorted(x.rooms, &room_report::room);
  std::string out = R"({"rooms":)";
  write_each(out, "[]", rooms, [&](auto room) { write(out, room->room); });
  write_all(out, R"(,"total":)", x.totals.connections, R"(,"users_per_room":)");
  write_each(out, "{}", rooms,
             [&](auto room) { write_all(out, room->room, ":", room->users); });
  write_all(out, R"(,"connections_per_room":)");
  write_each(out, "{}", rooms, [&](auto room) {
    write_all(out, room->room, ":", room->connections);
  });
  write_all(out, R"(,"unique_users":)", x.totals.users, R"(,"nodes":)");
  auto status = x.complete ? node_status::up : node_status::incomplete;
  write_list(out, !x.nodes.empty()
                    ? x.nodes
                    : node_lines{{x.node, status, x.totals.connections}});
  if (x.connections) {
    write_all(out, R"(,"connections":)");
    write_details(out, *x.connections, x.node, x.elsewhere);
  }
  out += '}';
  return out;
}

std::string render(const registry_stats& x, uint64_t rooms,
                   const node_lines& nodes) {
  auto out = text_of(R"({"total_connections":)", x.connections,
                     R"(,"unique_users":)", x.users, R"(,"max_connections":)",
                     x.max_connections, R"(,"rooms":)", rooms);
  write_last(out, nodes);
  return out;
}

std::string render(const std::vector<room_report>& rooms,
                   const node_lines& nodes) {
  std::string out = R"({"rooms":)";
  write_each(out, "[]", sorted(rooms, &room_report::room), [&](auto room) {
    write_all(out, R"({"room":)", room->room, R"(,"users":)",
              room->users.size(), R"(,"connections":)", room->connections, "}");
  });
  write_last(out, nodes);
  return out;
}

std::string render(const room_report& room, const node_lines& nodes) {
  auto out = text_of(R"({"room":)", room.room, R"(,"users":)", room.users,
                     R"(,"connections":)", room.connections, R"(,"seq":)",
                     room.seq, R"(,"epoch":)", room.epoch);
  write_last(out, nodes);
  return out;
}

std::string render(const user_list& users, const node_lines& nodes) {
  std::string out = R"({"users":)";
  write_each(out, "[]", users.users, [&](auto& x) {
    write_all(out, R"({"user_id":)", x.user, R"(,"connections":)",
              x.connections, "}");
  });
  write_last(out, nodes);
  return out;
}

std::string render(const user_id& user,
                   const std::vector<connection_report>& connections,
                   std::string_view node, const node_lines& nodes,
                   const elsewhere& others) {
  auto out = text_of(R"({"user_id":)", user, R"(,"connections":)");
  write_details(out, connections, node, others);
  write_last(out, nodes);
  return out;
}

std::string render(const post_receipt& x) {
  return text_of(R"({"seq":)", x.seq, R"(,"epoch":)", x.epoch, "}");
}

std::string render_delivered(uint64_t connections) {
  return text_of(R"({"delivered":)", connections, "}");
}

std::string render_disconnected(uint64_t connections) {
  return text_of(R"({"disconnected":)", connections, "}");
}

std::string render_ok(const node_lines& nodes) {
  std::string out = R"({"ok":true)";
  write_last(out, nodes);
  return out;
}

std::string render_live() {
  return R"({"status":"live"})";
}

std::string render_ready(double slowest_ms) {
  return text_of(R"({"status":"ready","loop_lag_ms":)", thousandths{slowest_ms},
                 "}");
}

api_answer problem(unsigned status, std::string_view detail) {
  return {status, text_of(R"({"type":"about:blank","title":)",
                          quoted{reason_phrase(status)}, R"(,"status":)",
                          status, R"(,"detail":)", foreign{detail}, "}")};
}

} // namespace parlor::wire
