// SPDX-License-Identifier: MIT
#include "transport/access.hpp"

#include "transport/origin.hpp"
#include "transport/url.hpp"

#include <algorithm>
#include <array>

namespace parlor::transport {

namespace {

/// Takes the same time wherever the texts differ.
bool same_secret(std::string_view given, std::string_view secret) {
  unsigned differs = given.size() != secret.size();
  for (size_t i = 0; i < given.size(); ++i)
    differs |= static_cast<unsigned>(given[i] ^ secret[i % secret.size()]);
  return differs == 0;
}

refusal unauthorized(std::string_view challenge) {
  return {401,
          "The admin token is needed.",
          {{"WWW-Authenticate", std::string{challenge}}}};
}

std::optional<refusal> judge_bearer(const request_head& head,
                                    std::string_view token) {
  auto given = head.bearer();
  if (!given)
    return unauthorized("Bearer");
  if (!same_secret(*given, token))
    return unauthorized("Bearer error=\"invalid_token\"");
  return std::nullopt;
}

/// Whether one of the subprotocols is the token.
bool offers(const request_head& head, std::string_view token) {
  constexpr std::string_view prefix = "bearer.";
  for (auto name : head.list("Sec-WebSocket-Protocol"))
    if (name.starts_with(prefix))
      if (auto given = percent_decoded(name.substr(prefix.size())))
        return same_secret(*given, token);
  return false;
}

/// What proxies, load balancers and delivery networks add to a request. A proxy
/// may leave no sign at all, so their absence proves nothing.
constexpr std::array<std::string_view, 25> proxy_headers{
  "Forwarded",
  "Via",
  "X-Real-IP",
  "X-Real-Port",
  "X-Client-IP",
  "X-Client-Port",
  "X-Cluster-Client-IP",
  "X-Original-Forwarded-For",
  "X-Original-Host",
  "X-Original-URL",
  "X-Original-To",
  "X-Rewrite-URL",
  "X-Remote-IP",
  "X-Remote-Addr",
  "X-Host",
  "X-Scheme",
  "X-ProxyUser-IP",
  "X-Azure-ClientIP",
  "X-Appengine-User-IP",
  "X-Amzn-Trace-Id",
  "X-Cloud-Trace-Context",
  "True-Client-IP",
  "Client-IP",
  "CDN-Loop",
  "Max-Forwards"};

constexpr std::array<std::string_view, 8> proxy_prefixes{
  "X-Forwarded", "X-Forward-", "X-Envoy-", "CF-",
  "Fastly-",     "Fly-",       "Proxy-",   "X-Vercel-"};

bool is_of_a_proxy(std::string_view header) {
  return std::any_of(proxy_headers.begin(), proxy_headers.end(),
                     [=](auto x) { return same_text(header, x); })
         || std::any_of(
           proxy_prefixes.begin(), proxy_prefixes.end(),
           [=](auto x) { return same_text(header.substr(0, x.size()), x); });
}

bool was_forwarded(const request_head& head) {
  return std::any_of(head.headers.begin(), head.headers.end(),
                     [](auto& x) { return is_of_a_proxy(x.first); });
}

std::optional<refusal> judge_host(const request_head& head) {
  if (head.count("Host") == 1 && loopback_host(*head.find("Host")))
    return std::nullopt;
  return refusal{403, "Host does not name this machine.", {}};
}

} // namespace

bool is_guarded(std::string_view target) {
  auto parsed = parse_url(target);
  if (!parsed)
    return false;
  auto& first = parsed->path.front();
  return first == "admin" || first == "api" || first == "debug"
         || first == "metrics";
}

std::optional<refusal> judge_access(const request_head& head,
                                    bool from_loopback,
                                    std::string_view admin_token) {
  if (!admin_token.empty())
    return judge_bearer(head, admin_token);
  if (!from_loopback)
    return refusal{403, "Only callers on this machine are let in.", {}};
  if (was_forwarded(head))
    return refusal{403, "Forwarded requests are not let in.", {}};
  if (auto no = judge_host(head))
    return no;
  if (!origin_allowed(head, {}))
    return refusal{403, "Other web pages are not let in.", {}};
  return std::nullopt;
}

std::optional<refusal> judge_page_host(const request_head& head,
                                       bool from_loopback) {
  if (!from_loopback || !head.has("Origin") || was_forwarded(head))
    return std::nullopt;
  return judge_host(head);
}

bool is_inspection(std::string_view target) {
  auto parsed = parse_url(target);
  return parsed && parsed->path.front() == "debug";
}

std::optional<refusal> judge_inspection_access(const request_head& head,
                                               bool from_loopback,
                                               std::string_view admin_token) {
  if (auto no = judge_access(head, from_loopback, {}))
    return no;
  if (admin_token.empty() || !is_inspection(head.target)
      || offers(head, admin_token))
    return std::nullopt;
  return judge_bearer(head, admin_token);
}

std::optional<refusal> judge_page_access(const request_head& head,
                                         bool from_loopback,
                                         std::string_view admin_token) {
  if (!admin_token.empty() || !is_guarded(head.target))
    return std::nullopt;
  return judge_access(head, from_loopback, admin_token);
}

} // namespace parlor::transport
