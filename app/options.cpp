// SPDX-License-Identifier: MIT
#include "app/options.hpp"

#include "app/options_section.hpp"
#include "app/options_system.hpp"
#include "cluster/address.hpp"
#include "messages/wire/names.hpp"
#include "transport/forwarded.hpp"
#include "transport/origin_pattern.hpp"

#include <algorithm>
#include <array>

namespace parlor {

namespace {

/// Of a limit that has no other bound.
constexpr int64_t plenty = 1'000'000'000;

constexpr std::array<std::string_view, 2> policy_names{"evict-oldest",
                                                       "reject-new"};

constexpr std::array<std::string_view, 4> algorithm_names{"none", "HS256",
                                                          "RS256", "ES256"};

constexpr std::array<std::string_view, 2> ws_dialect_names{
  dialect_names[index_of(dialect::typed)],
  dialect_names[index_of(dialect::text)]};

constexpr std::array<std::string_view, 4> level_names{"debug", "info", "warn",
                                                      "error"};

constexpr std::array<std::string_view, 2> format_names{"text", "json"};

constexpr std::array policies{per_user_policy::evict_oldest,
                              per_user_policy::reject_new};
constexpr std::array algorithms{token_algorithm::none, token_algorithm::hs256,
                                token_algorithm::rs256, token_algorithm::es256};
constexpr std::array ws_dialects{dialect::typed, dialect::text};
constexpr std::array levels{log::level::debug, log::level::info,
                            log::level::warn, log::level::error};
constexpr std::array formats{log::format::text, log::format::json};

bool is_user(const std::string& x) {
  return wire::valid_name(x);
}

bool is_origin(const std::string& x) {
  return transport::origin_pattern::parse(x).has_value();
}

bool is_any(const std::string&) {
  return true;
}

/// It is listened on: any address, or one of this machine.
bool is_host(const std::string& x) {
  auto stands_for = cluster::kind_of(x);
  return is_address(x)
         && (stands_for == cluster::address_kind::machine
             || stands_for == cluster::address_kind::unspecified);
}

bool is_host_or_none(const std::string& x) {
  return x.empty() || is_host(x);
}

/// Connections come from machines.
bool is_network(const std::string& x) {
  auto slash = x.find('/');
  auto stands_for = cluster::kind_of(x.substr(0, slash));
  return transport::network::parse(x)
         && stands_for != cluster::address_kind::group
         && (slash != x.npos
             || stands_for != cluster::address_kind::unspecified);
}

} // namespace

configuration::configuration(settings& target) {
  add_server(target);
  add_tls(target);
  add_counts(target.limits);
  add_rates(target.limits);
  add_sockets(target.limits);
  add_history(target.limits);
  add_auth(target);
  add_policies(target);
  add_operation(target);
  add_cluster(target.cluster);
  add_etcd(target.cluster);
}

void configuration::add_server(settings& x) {
  section("server")
    .text(x.host, "host", "an IP address", is_host,
          "The address to listen on; 127.0.0.1 is for this machine alone.")
    .hint(": not multicast, broadcast or link-local")
    .integer(x.port, "port", 0, 65535,
             "The TCP port to listen on; 0 lets the system choose.")
    .integer(x.threads, "threads", 0, 64, "I/O threads; 0 is one a core.")
    .flag(x.insecure, "insecure",
          "Listen on a public address without authentication.")
    .list(x.trusted_proxies, "trusted-proxies", "a list like 10.0.0.0/8",
          is_network, "Proxies whose X-Forwarded-For names the client.")
    .hint(" of machines: not multicast or broadcast");
}

void configuration::add_tls(settings& x) {
  section("tls")
    .path(x.certificate_file, "certificate",
          "The certificate and its chain in PEM: then HTTPS and WSS alone.")
    .path(x.certificate_key_file, "key",
          "The certificate's private key in PEM, without a passphrase.");
}

void configuration::add_counts(limits& x) {
  section("limits")
    .integer(x.max_connections, "max-connections", 0, 16'777'215,
             "Connections in all; 0 is what RLIMIT_NOFILE allows.")
    .integer(x.max_connections_per_user, "max-connections-per-user", 1, plenty,
             "Connections of one user.")
    .choice<per_user_policy>(
      x.policy, "per-user-policy", policy_names, policies,
      "What one more does: close the oldest, or be refused.")
    .integer(x.rooms_per_connection, "rooms-per-connection", 1, plenty,
             "Rooms that one connection may be in.")
    .integer(x.members_per_room, "members-per-room", 0, plenty,
             "Connections in one room; 0 is any number.")
    .integer(x.rooms, "rooms", 1, plenty, "Rooms in all.")
    .integer(x.members_listed, "members-listed", 0, plenty,
             "Above this many users a list of members is a count.")
    .integer(x.members_announced, "members-announced", 0, plenty,
             "Above this many users joins and leaves are not announced.");
}

void configuration::add_rates(limits& x) {
  section("limits")
    .integer(x.message_bytes, "message-bytes", 1, 16 << 20,
             "Bytes of one message of a client; more closes with 1009.")
    .integer(x.json_depth, "json-depth", 1, 1000, "How deep JSON may nest.")
    .integer(x.messages_per_second, "messages-per-second", 0, 1'000'000,
             "Messages a second of one connection; 0 is any number.")
    .integer(x.message_burst, "message-burst", 0, 1'000'000,
             "Messages of one connection at once, before the rate counts.")
    .integer(x.errors, "errors", 0, 1'000'000,
             "Malformed messages in 10 s before 1008; 0 is any number.");
}

void configuration::add_sockets(limits& x) {
  section("limits")
    .integer(x.outbox_bytes, "outbox-bytes", 1024, 1 << 30,
             "Bytes that may wait for a slow client before 4008.")
    .integer(x.outboxes_bytes, "outboxes-bytes", 0, int64_t{1} << 40,
             "The same of all clients; 0 is an eighth of the memory.")
    .duration(x.outbox_stall, "outbox-stall",
              "How long a client may take nothing before 4008.")
    .duration(x.handshake_timeout, "handshake-timeout",
              "How long TLS and a request's header may take.")
    .duration(x.http_idle, "http-idle",
              "How long an HTTP connection may be idle.");
  section("heartbeat")
    .duration(x.heartbeat_interval, "interval", "Time between two pings.")
    .duration(x.heartbeat_timeout, "timeout",
              "How long a client may be silent; more than the interval.");
}

void configuration::add_history(limits& x) {
  section("history")
    .integer(x.history_size, "size", 0, 1'000'000,
             "Messages that a room keeps; 0 keeps none.")
    .duration(x.history_ttl, "ttl", "For how long it keeps them.")
    .integer(x.history_room_bytes, "room-bytes", 1024, 1 << 30,
             "Memory of what one room keeps.")
    .integer(x.history_total_bytes, "total-bytes", 65536, int64_t{1} << 40,
             "Memory of what all rooms keep; the room with most gives way.");
  section("presence")
    .duration(x.presence_grace, "grace",
              "How long a user who vanished is taken to be there.",
              std::chrono::nanoseconds{0});
}

void configuration::add_auth(settings& x) {
  section("auth")
    .choice<token_algorithm>(
      x.algorithm, "algorithm", algorithm_names, algorithms,
      "How clients' tokens (JWT) are signed; none asks for no token.")
    .path(x.key_file, "key-file",
          "The secret of HS256, or the public key in PEM of the others.")
    .text(x.token_rules.issuer, "issuer", "a text", is_any,
          "What a token's iss has to be; empty is anything.")
    .text(x.token_rules.audience, "audience", "a text", is_any,
          "What a token's aud has to be or contain; empty is anything.")
    .duration(x.limits.hello_timeout, "hello-timeout",
              "How long a client may take for its token before 4009.");
}

void configuration::add_policies(settings& x) {
  section("origins")
    .list(x.origins, "allow", "* or a list like https://*.example", is_origin,
          "Origins of pages that may connect; empty is the same origin.")
    .hint(": scheme://name[:port], names in ASCII (xn--...), * for the first "
          "label or the port");
  section("admin")
    .path(x.admin_token_file, "token-file",
          "The bearer token of /admin and /api; empty is loopback callers.")
    .text(x.admin_host, "host", "an IP address", is_host_or_none,
          "The address of admin.port; empty is 127.0.0.1.")
    .integer(x.admin_port, "port", 0, 65535,
             "A port of its own for /admin, /api, /debug and /metrics.");
  section("api").text(x.api_sender, "sender", "a user's name", is_user,
                      "Whom /api speaks as; no client may be called so.");
  section("dialect").choice<dialect>(
    x.ws_dialect, "ws", ws_dialect_names, ws_dialects,
    "What /ws speaks when the client chooses nothing.");
  section("compression")
    .flag(x.compression, "enabled",
          "Compress for clients that offer permessage-deflate.");
  section("echo").flag(x.echo, "enabled",
                       "Serve /echo, for conformance suites.");
}

void configuration::add_operation(settings& x) {
  section("drain")
    .duration(x.drain_notice, "notice",
              "How long a stop accepts, so that proxies see it coming.",
              std::chrono::nanoseconds{0})
    .duration(x.drain_timeout, "timeout",
              "How long a stop may wait for the clients.")
    .integer(x.limits.drain_rate, "rate", 1, 1'000'000,
             "Clients that a stop sends home a second, or more if it must.");
  section("log")
    .choice<log::level>(x.log.threshold, "level", level_names, levels,
                        "The least important lines that are written.")
    .choice<log::format>(x.log.style, "format", format_names, formats,
                         "How a line is written on stderr.");
}

option_section configuration::section(std::string name) {
  return {rows_, std::move(name)};
}

} // namespace parlor
