// SPDX-License-Identifier: MIT
#include "transport/pages.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace parlor::transport {

namespace {

/// Scripts, styles and WebSockets of the same origin, and nothing else: what
/// users write cannot become part of the page even where the page has a hole.
constexpr std::string_view content_security_policy
  = "default-src 'none'; script-src 'self'; style-src 'self'; "
    "connect-src 'self'; img-src 'self' data:; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'";

/// Whether the caller has the file already.
bool is_known(const request_head& head, std::string_view etag) {
  for (auto known : head.list("If-None-Match")) {
    if (known.starts_with("W/"))
      known.remove_prefix(2);
    if (known == etag || known == "*")
      return true;
  }
  return false;
}

http_reply reply_with(const page& what, bool is_known) {
  http_reply result;
  result.status = is_known ? 304 : 200;
  if (!is_known)
    result.body = what.body;
  result.headers = {
    {"Content-Type", std::string{what.type}},
    // Asked for anew each time, so that a page is never older than its service.
    {"Cache-Control", "no-cache"},
    {"ETag", std::string{what.etag}},
    {"Content-Security-Policy", std::string{content_security_policy}},
    {"Referrer-Policy", "no-referrer"},
    {"Cross-Origin-Opener-Policy", "same-origin"},
    {"Cross-Origin-Resource-Policy", "same-origin"},
  };
  return result;
}

/// Whether `path` is that of a page, but for the slash at its end.
bool lacks_slash(std::string_view path, std::string_view page) {
  return !path.empty() && page.size() == path.size() + 1
         && page.starts_with(path) && page.ends_with('/');
}

/// Where the page is, seen from `target`: below whatever path a proxy has put the
/// service, which is not known here.
http_reply redirect_with_slash(std::string_view target, std::string_view path) {
  auto last = path.substr(path.rfind('/') + 1);
  auto location = std::string{last} + '/';
  location += target.substr(path.size());
  return {301, "", {{"Location", std::move(location)}}};
}

} // namespace

std::optional<http_reply> serve_page(const request_head& head,
                                     std::span<const page> from) {
  auto path = head.target.substr(0, head.target.find('?'));
  auto found = std::find_if(from.begin(), from.end(), [&](auto& x) {
    return x.path == path || lacks_slash(path, x.path);
  });
  if (found == from.end())
    return std::nullopt;
  if (head.method != "GET" && head.method != "HEAD")
    return to_reply(refusal{
      405, "The method is not allowed here.", {{"Allow", "GET, HEAD"}}});
  if (found->path != path)
    return redirect_with_slash(head.target, path);
  return reply_with(*found, is_known(head, found->etag));
}

} // namespace parlor::transport
