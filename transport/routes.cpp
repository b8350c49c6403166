// SPDX-License-Identifier: MIT
#include "transport/routes.hpp"

#include "messages/ids.hpp"
#include "messages/wire/names.hpp"
#include "transport/url.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <span>
#include <string>

namespace parlor::transport {

namespace {

using std::string_view;

/// Stands for one segment that is free: the subject.
constexpr string_view any = "*";

/// One method of one path.
struct rule {
  string_view method;
  std::array<string_view, 3> path;
  api_call call;

  size_t length() const {
    auto end = std::find(path.begin(), path.end(), string_view{});
    return static_cast<size_t>(end - path.begin());
  }

  bool matches(const std::vector<std::string>& segments) const {
    return segments.size() == length()
           && std::equal(segments.begin(), segments.end(), path.begin(),
                         [](auto& x, auto y) { return y == any || x == y; });
  }
};

constexpr std::array rules{
  rule{"GET", {"admin", "connections"}, api_call::connections},
  rule{"DELETE", {"admin", "connections", any}, api_call::kick_connection},
  rule{"GET", {"admin", "stats"}, api_call::stats},
  rule{"GET", {"admin", "rooms"}, api_call::rooms},
  rule{"GET", {"admin", "rooms", any}, api_call::room},
  rule{"GET", {"admin", "users"}, api_call::users},
  rule{"GET", {"admin", "users", any}, api_call::user},
  rule{"DELETE", {"admin", "users", any}, api_call::kick_user},
  rule{"POST", {"api", "v1", "publish"}, api_call::publish},
  rule{"POST", {"api", "v1", "send"}, api_call::send},
  rule{"POST", {"api", "v1", "broadcast"}, api_call::broadcast},
  rule{"POST", {"api", "v1", "disconnect"}, api_call::disconnect},
  rule{"GET", {"health", "live"}, api_call::health_live},
  rule{"GET", {"health", "ready"}, api_call::health_ready},
  rule{"GET", {"metrics"}, api_call::metrics},
};

refusal bad(std::string detail) {
  return {400, std::move(detail), {}};
}

refusal not_allowed(const std::vector<std::string>& path) {
  std::string methods;
  for (auto& x : rules) {
    if (!x.matches(path))
      continue;
    methods += methods.empty() ? "" : ", ";
    methods += x.method == "GET" ? "GET, HEAD" : x.method;
  }
  if (methods.empty())
    return {404, "There is nothing here.", {}};
  return {405, "The method is not allowed here.", {{"Allow", methods}}};
}

/// Takes the subject out of the path: a name, or the id of a connection.
std::optional<refusal> take_subject(api_request& into, std::string& text) {
  if (into.call == api_call::kick_connection) {
    if (!to_connection_id(text))
      return refusal{404, "There is no such connection.", {}};
  } else if (!wire::valid_name(text)) {
    return bad("The path does not name anything that can be.");
  }
  into.subject = std::move(text);
  return std::nullopt;
}

std::optional<refusal> take_page(api_request& into, const url& from) {
  if (auto limit = from.find("limit")) {
    auto end = limit->data() + limit->size();
    auto parsed = std::from_chars(limit->data(), end, into.limit);
    if (parsed.ec != std::errc{} || parsed.ptr != end || into.limit < 1
        || into.limit > max_page)
      return bad("`limit` is a number from 1 to " + std::to_string(max_page)
                 + ".");
  }
  if (auto after = from.find("after")) {
    if (!after->empty() && !wire::valid_name(*after))
      return bad("`after` is not a name.");
    into.after = *after;
  }
  return std::nullopt;
}

std::optional<refusal> take_detail(api_request& into, const url& from) {
  auto detail = from.find("detail");
  if (into.call != api_call::connections || !detail || *detail == "0")
    return std::nullopt;
  if (*detail != "1")
    return bad("`detail` is 0 or 1.");
  if (!into.after.empty() && !to_connection_id(into.after))
    return bad("`after` is not the id of a connection.");
  into.call = api_call::connections_detail;
  return std::nullopt;
}

} // namespace

std::variant<api_request, refusal> route(string_view method,
                                         string_view target) {
  auto parsed = parse_url(target);
  if (!parsed)
    return bad("The target is not a path.");
  auto asked = method == "HEAD" ? "GET" : method;
  auto found = std::find_if(rules.begin(), rules.end(), [&](auto& x) {
    return x.method == asked && x.matches(parsed->path);
  });
  if (found == rules.end())
    return not_allowed(parsed->path);
  api_request result;
  result.call = found->call;
  if (found->length() == 3 && found->path[2] == any)
    if (auto no = take_subject(result, parsed->path[2]))
      return *no;
  if (auto no = take_page(result, *parsed))
    return *no;
  if (auto no = take_detail(result, *parsed))
    return *no;
  return result;
}

} // namespace parlor::transport
