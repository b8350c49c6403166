// SPDX-License-Identifier: MIT
#include "transport/upgrade.hpp"

#include "messages/wire/lines.hpp"
#include "messages/wire/names.hpp"
#include "transport/origin.hpp"
#include "transport/url.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>

#include <sys/random.h>

namespace parlor::transport {

namespace {

/// A User-Agent is shown to administrators, shortened to this.
constexpr size_t max_client_bytes = 255;

std::optional<refusal> refuse(unsigned status, std::string detail) {
  return refusal{status, std::move(detail), {}};
}

/// 16 bytes in base64: 22 digits, of which the last has four bits to spare,
/// and two fillers.
bool is_websocket_key(std::string_view key) {
  constexpr std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                      "abcdefghijklmnopqrstuvwxyz0123456789+/";
  return key.size() == 24 && key.ends_with("==")
         && key.substr(0, 22).find_first_not_of(digits) == key.npos
         && std::string_view{"AQgw"}.find(key[21]) != std::string_view::npos;
}

std::string anonymous_name() {
  constexpr std::string_view digits = "0123456789abcdef";
  std::array<unsigned char, 8> bytes{};
  // Up to 256 bytes come whole once the kernel's source is ready.
  while (getrandom(bytes.data(), bytes.size(), 0) < 0)
    if (errno != EINTR)
      throw std::system_error{errno, std::generic_category(), "getrandom"};
  std::string result = "anon-";
  for (auto x : bytes) {
    result += digits[x >> 4];
    result += digits[x & 15];
  }
  return result;
}

/// Whether the request is one of HTTP that RFC 6455 §4.2.1 wants.
std::optional<refusal> judge_form(const request_head& head) {
  if (head.method != "GET")
    return refusal{
      405, "A WebSocket is asked for with GET.", {{"Allow", "GET"}}};
  if (head.version != 11)
    return refuse(400, "A WebSocket needs HTTP/1.1.");
  if (!head.lists("Upgrade", "websocket")
      || !head.lists("Connection", "upgrade"))
    return refusal{426,
                   "Only a WebSocket is served here.",
                   {{"Upgrade", "websocket"}, {"Connection", "Upgrade"}}};
  if (head.has("Transfer-Encoding")
      || head.find("Content-Length").value_or("0") != "0")
    return refuse(400, "An upgrade request has no body.");
  if (head.count("Sec-WebSocket-Version") != 1
      || *head.find("Sec-WebSocket-Version") != "13")
    return refusal{426,
                   "Only version 13 of the WebSocket protocol is spoken.",
                   {{"Sec-WebSocket-Version", "13"}}};
  if (head.count("Sec-WebSocket-Key") != 1
      || !is_websocket_key(*head.find("Sec-WebSocket-Key")))
    return refuse(400, "Sec-WebSocket-Key is not 16 bytes in base64.");
  return std::nullopt;
}

/// The user of `?user=`, for names that do not survive in the path of some proxies;
/// without it one is made up.
std::optional<refusal> take_user(handshake& into, const url& from) {
  auto given = std::count_if(from.query.begin(), from.query.end(),
                             [](auto& x) { return x.first == "user"; });
  if (given > 1)
    return refuse(400, "`user` names one user.");
  into.anonymous = given == 0;
  if (into.anonymous) {
    into.user = user_id{anonymous_name()};
    return std::nullopt;
  }
  std::string name{*from.find("user")};
  if (!wire::valid_name(name))
    return refuse(400, "`user` does not name a user.");
  into.user = user_id{std::move(name)};
  return std::nullopt;
}

/// Endpoint, user and the dialect that the endpoint speaks.
std::optional<refusal> take_path(handshake& into, url& from,
                                 dialect ws_dialect) {
  auto& path = from.path;
  auto& endpoint = path.front();
  into.speaks = endpoint == "chat" ? dialect::action : ws_dialect;
  if (endpoint == "ws" && path.size() == 1)
    return take_user(into, from);
  if ((endpoint != "ws" && endpoint != "chat") || path.size() != 2)
    return refuse(404, "There is nothing here.");
  if (!wire::valid_name(path[1]))
    return refuse(400, "The path does not name a user.");
  into.user = user_id{std::move(path[1])};
  return std::nullopt;
}

/// For conformance suites, where it is switched on.
bool is_echo(const std::vector<std::string>& path) {
  auto& endpoint = path.front();
  return endpoint == "echo" && path.size() == 1;
}

std::optional<refusal> take_query(handshake& into, url& from, size_t most) {
  auto chosen = false;
  for (auto& [name, value] : from.query) {
    if (name == "room") {
      if (!wire::valid_name(value))
        return refuse(400, "`room` does not name a room.");
      if (into.rooms.size() == most)
        return refuse(400, "More rooms than a connection may be in.");
      into.rooms.emplace_back(std::move(value));
    } else if (name == "dialect") {
      auto found = dialect_named(value);
      if (!found)
        return refuse(400, "`dialect` is typed, action or text.");
      if (!std::exchange(chosen, true))
        into.speaks = *found;
    }
  }
  return std::nullopt;
}

/// A name that is good otherwise.
std::optional<refusal> judge_name(const handshake& shake,
                                  std::string_view reserved) {
  if (shake.user.str() == reserved)
    return refuse(403, "This name is the service's own.");
  if (shake.speaks == dialect::text && !shake.user.empty()
      && !wire::is_plain_name(shake.user.str()))
    return refuse(400, "In dialect text this name could be taken for more.");
  return std::nullopt;
}

std::optional<dialect> offered_dialect(const request_head& head) {
  for (auto name : head.list("Sec-WebSocket-Protocol"))
    if (auto found = dialect_of_subprotocol(name))
      return found;
  return std::nullopt;
}

/// In a header or, as browsers can set none, among the subprotocols.
std::string offered_token(const request_head& head) {
  constexpr std::string_view prefix = "bearer.";
  if (auto given = head.bearer())
    return std::string{*given};
  for (auto name : head.list("Sec-WebSocket-Protocol"))
    if (name.starts_with(prefix))
      return std::string{name.substr(prefix.size())};
  return {};
}

/// What a client says of itself, fit to be shown.
std::string client_name(const request_head& head) {
  std::string result{
    head.find("User-Agent").value_or("").substr(0, max_client_bytes)};
  std::replace_if(
    result.begin(), result.end(), [](char c) { return c < ' ' || c > '~'; },
    '?');
  return result;
}

} // namespace

bool wants_websocket(const request_head& head) {
  if (head.lists("Upgrade", "websocket"))
    return true;
  auto parsed = parse_url(head.target);
  return parsed
         && (parsed->path.front() == "ws" || parsed->path.front() == "chat"
             || is_echo(parsed->path));
}

bool is_view(std::string_view target) {
  auto parsed = parse_url(target);
  return parsed && parsed->path == std::vector<std::string>{"debug", "live"};
}

std::variant<accepted_upgrade, refusal> judge_upgrade(const request_head& head,
                                                      const io_options& options,
                                                      bool inspected) {
  auto parsed = parse_url(head.target);
  if (!parsed)
    return *refuse(400, "The target is not a path.");
  accepted_upgrade result;
  auto& shake = result.shake;
  result.echo = options.echo && is_echo(parsed->path);
  result.views = inspected && is_view(head.target);
  if (!result.echo && !result.views)
    if (auto no = take_path(shake, *parsed, options.ws_dialect))
      return *no;
  if (auto no = judge_form(head))
    return *no;
  if (!origin_allowed(head, options.origins))
    return *refuse(403, "Web pages of this origin are not let in.");
  if (auto no = take_query(shake, *parsed, options.limits.rooms_per_connection))
    return *no;
  result.answered = offered_dialect(head);
  shake.speaks = result.answered.value_or(shake.speaks);
  if (auto no = judge_name(shake, options.api_sender))
    return *no;
  shake.client = client_name(head);
  if (options.tokens)
    shake.token = offered_token(head);
  if (options.compression)
    result.deflate = accept_deflate(head);
  result.key = *head.find("Sec-WebSocket-Key");
  return result;
}

} // namespace parlor::transport
