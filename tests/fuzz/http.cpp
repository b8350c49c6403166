// SPDX-License-Identifier: MIT
#include "messages/wire/api.hpp"
#include "messages/wire/names.hpp"
#include "tests/fuzz/requests.hpp"
#include "tests/fuzz/second_opinion.hpp"
#include "transport/access.hpp"
#include "transport/http_reply.hpp"
#include "transport/pages.hpp"
#include "transport/request_body.hpp"
#include "transport/routes.hpp"
#include "transport/upgrade.hpp"
#include "transport/url.hpp"

#include <optional>
#include <regex>

// A request's bytes: how it is cut, where it goes, who may, and what its body
// says.
namespace parlor::fuzz {

namespace {

using namespace transport;

constexpr std::string_view admin_token = "0123456789abcdef";

std::string escaped(std::string_view text) {
  std::string result;
  for (auto x : text) {
    char hex[4];
    std::snprintf(hex, sizeof hex, "%%%02x", static_cast<unsigned char>(x));
    result += hex;
  }
  return result;
}

/// What a request asks for, or the status of its refusal.
std::string told(const std::variant<api_request, refusal>& x) {
  if (auto* no = std::get_if<refusal>(&x))
    return std::to_string(no->status) + no->detail;
  auto& yes = std::get<api_request>(x);
  return std::to_string(static_cast<int>(yes.call)) + ' ' + yes.subject + '\n'
         + yes.after + '\n' + std::to_string(yes.limit);
}

/// With every byte escaped a target is the same.
void check_url(std::string_view method, std::string_view target) {
  auto parsed = parse_url(target);
  if (!parsed)
    return;
  std::string again;
  for (auto& segment : parsed->path)
    again += '/' + escaped(segment);
  auto mark = '?';
  for (auto& [name, value] : parsed->query)
    again += std::exchange(mark, '&') + escaped(name) + '=' + escaped(value);
  auto second = parse_url(again);
  require(second && second->path == parsed->path
            && second->query == parsed->query,
          "an URL is not what it says");
  require(is_guarded(again) == is_guarded(target),
          "a guarded page has an unguarded name");
  require(told(route(method, again)) == told(route(method, target)),
          "two names of a page lead elsewhere");
}

/// An answer's head is lines that nobody outside has a say in.
void check_reply(const http_reply& what) {
  auto bytes = render(what, true, false);
  auto end = bytes.find("\r\n\r\n");
  require(end != std::string::npos
            && bytes.size() == end + 4 + what.body.size(),
          "an answer has a hole");
  for (auto c : bytes.substr(0, end))
    require((c >= ' ' && c <= '~') || c == '\r' || c == '\n',
            "an answer's head has a wrong byte");
}

void check_refusal(const refusal& x) {
  require(x.status >= 400 && x.status < 600, "a refusal is none");
  auto reply = to_reply(x);
  require(parsed(reply.body)["detail"] == x.detail, "a problem says otherwise");
  check_reply(reply);
}

bool names_this_machine(std::string_view host) {
  static const std::regex names{
    R"((localhost|\[::1\]|127(\.[0-9]{1,3}){3})(:[0-9]+)?)", std::regex::icase};
  return std::regex_match(host.begin(), host.end(), names);
}

void check_access(const request_head& head) {
  auto by_token = judge_access(head, true, admin_token);
  auto shown = head.find("Authorization").value_or("");
  require(by_token || shown.ends_with(admin_token),
          "somebody is let in without the token");
  require(judge_access(head, false, "").has_value(),
          "somebody from elsewhere is let in");
  auto near = judge_access(head, true, "");
  require(near || names_this_machine(head.find("Host").value_or("")),
          "somebody is let in by another name of this machine");
  for (auto& no : {by_token, near})
    if (no)
      check_refusal(*no);
}

/// None where the body is to be refused.
std::optional<json> expected_body(const json& body, api_call call) {
  auto name = [&](const char* key) {
    return body.contains(key) && body[key].is_string()
           && wire::valid_name(body[key].get<std::string>());
  };
  auto text_or_none = [&](const char* key) {
    return !body.contains(key) || body[key].is_string();
  };
  auto name_or_none = [&](const char* key) {
    return !body.contains(key) || name(key);
  };
  switch (call) {
    case api_call::publish:
      if (name("room") && body.contains("content") && name_or_none("sender")
          && text_or_none("exclude") && name_or_none("key"))
        return json::array({body["room"], body.value("sender", "server"),
                            body.value("exclude", ""), body.value("key", ""),
                            body["content"]});
      break;
    case api_call::send:
      if (name("user") && body.contains("content"))
        return json::array({body["user"], body["content"]});
      break;
    case api_call::broadcast:
      if (body.contains("content") && text_or_none("exclude"))
        return json::array({body.value("exclude", ""), body["content"]});
      break;
    default:
      if (name("user"))
        return json::array({body["user"]});
  }
  return std::nullopt;
}

json shown(const post& x) {
  return json::array(
    {x.room.str(), x.sender.str(), x.exclude, x.key, parsed(x.content)});
}

json shown(const user_message& x) {
  return json::array({x.to.str(), parsed(x.content)});
}

json shown(const broadcast& x) {
  return json::array({x.exclude, parsed(x.content)});
}

json shown(const kick_user& x) {
  return json::array({x.user.str()});
}

template <class T>
void check_decoded(const wire::body<T>& result,
                   const std::optional<json>& meant) {
  if (auto* bad = std::get_if<wire::bad_body>(&result)) {
    require(!meant, "a good body is refused");
    return check_refusal({400, bad->detail, {}});
  }
  require(meant && shown(std::get<T>(result)) == *meant,
          "a body is understood otherwise");
}

void check_body(const std::string& body, api_call call) {
  constexpr size_t depth = 32;
  auto second = opinion_of(body);
  if (!comparable(body) || second.stopped)
    return;
  auto meant = second.value && second.value->is_object()
                   && depth_of(*second.value) <= depth
                 ? expected_body(*second.value, call)
                 : std::nullopt;
  switch (call) {
    case api_call::publish:
      return check_decoded(wire::decode_publish_body(body, depth), meant);
    case api_call::send:
      return check_decoded(wire::decode_send_body(body, depth), meant);
    case api_call::broadcast:
      return check_decoded(wire::decode_broadcast_body(body, depth), meant);
    case api_call::disconnect:
      return check_decoded(wire::decode_disconnect_body(body, depth), meant);
    default:
      break;
  }
}

void check_call(const api_request& x, const request_head& head) {
  auto health = x.call == api_call::health_live
                || x.call == api_call::health_ready;
  require(health || is_guarded(head.target), "a guarded page is not guarded");
  require(x.limit >= 1 && x.limit <= max_page, "a page is too long");
  require(x.after.empty() || wire::valid_name(x.after),
          "a page begins nowhere");
  auto named = x.call == api_call::room || x.call == api_call::user
               || x.call == api_call::kick_user;
  require(
    named == wire::valid_name(x.subject)
      || (x.call == api_call::kick_connection && to_connection_id(x.subject)),
    "a call names something else");
  auto reads = head.method == "GET" || head.method == "HEAD";
  require(
    reads
      == (x.call <= api_call::user || health || x.call == api_call::metrics),
    "a method does something else");
}

void check_head(request_head head, const std::string& body) {
  head.to_origin_form();
  check_url(head.method, head.target);
  if (auto no = judge_framing(head))
    check_refusal(*no);
  else
    require(
      head.count("Transfer-Encoding") == 0
        || (head.version == 11 && head.lists("Transfer-Encoding", "chunked")),
      "it is not sure where a body ends");
  check_access(head);
  if (auto page = serve_page(head, {}))
    check_reply(*page);
  auto routed = route(head.method, head.target);
  if (auto* no = std::get_if<refusal>(&routed))
    return check_refusal(*no);
  auto& call = std::get<api_request>(routed);
  require(!wants_websocket(head) || head.lists("Upgrade", "websocket"),
          "a call is a WebSocket");
  check_call(call, head);
  auto no = judge_content(head);
  if (no)
    check_refusal(*no);
  if (head.method == "POST")
    check_body(body, call.call);
}

} // namespace

} // namespace parlor::fuzz

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace parlor::fuzz;
  auto bytes = text_of(data, size);
  auto request = read_request(bytes, bytes.size() + 1);
  auto cut = read_request(bytes, size % 7 + 1);
  require(same(request, cut), "a request depends on how it is cut");
  require(most_kept(bytes, size % 5 + 1) <= parlor::max_header_bytes,
          "a request that does not end is kept");
  if (request.has_head())
    check_head(request.head(), request.body());
  return 0;
}

/// The library has the real ones.
std::span<const parlor::transport::page> parlor::transport::pages() noexcept {
  return {};
}
