// SPDX-License-Identifier: MIT
#include "transport/access.hpp"

#include "transport/origin.hpp"
#include "transport/url.hpp"

#include <algorithm>

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

bool was_forwarded(const request_head& head) {
  constexpr std::string_view prefix = "X-Forwarded-";
  return std::any_of(head.headers.begin(), head.headers.end(), [&](auto& x) {
    return same_text(x.first, "Forwarded")
           || same_text(x.first.substr(0, prefix.size()), prefix);
  });
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
