// SPDX-License-Identifier: MIT
#include "transport/http_reply.hpp"

#include "messages/wire/api.hpp"

#include <boost/beast/http/status.hpp>

#include <algorithm>
#include <string_view>

namespace parlor::transport {

namespace {

constexpr unsigned no_content = 204;
constexpr unsigned not_modified = 304;

/// Whether an answer has neither body nor length (RFC 9110 §8.6).
bool is_bodiless(unsigned status) {
  return status == no_content || status == not_modified;
}

void put_header(std::string& out, std::string_view name,
                std::string_view value) {
  out += name;
  out += ": ";
  out += value;
  out += "\r\n";
}

/// What an answer has unless it says otherwise.
void put_default(std::string& out, const http_reply& what,
                 std::string_view name, std::string_view value) {
  if (std::none_of(what.headers.begin(), what.headers.end(),
                   [&](auto& x) { return same_text(x.first, name); }))
    put_header(out, name, value);
}

} // namespace

http_reply to_reply(api_answer what) {
  http_reply result{what.status, std::move(what.body), {}};
  if (!what.type.empty())
    result.headers.emplace_back("Content-Type", std::move(what.type));
  return result;
}

http_reply to_reply(const refusal& why) {
  auto result = to_reply(wire::problem(why.status, why.detail));
  result.headers = why.headers;
  return result;
}

std::string render(const http_reply& what, bool keep_alive, bool head_only,
                   std::string_view date) {
  namespace http = boost::beast::http;
  auto reason = http::obsolete_reason(http::int_to_status(what.status));
  std::string out = "HTTP/1.1 " + std::to_string(what.status) + ' ';
  out.append(reason.data(), reason.size());
  out += "\r\n";
  if (!date.empty())
    put_header(out, "Date", date);
  put_header(out, "Server", "parlor");
  if (!what.body.empty())
    put_default(out, what, "Content-Type",
                what.status < 400 ? "application/json"
                                  : "application/problem+json");
  if (!is_bodiless(what.status))
    put_header(out, "Content-Length", std::to_string(what.body.size()));
  put_default(out, what, "Cache-Control", "no-store");
  put_header(out, "X-Content-Type-Options", "nosniff");
  auto names_connection = false;
  for (auto& [name, value] : what.headers) {
    auto is_connection = same_text(name, "Connection");
    names_connection |= is_connection;
    put_header(out, name,
               is_connection && !keep_alive ? value + ", close" : value);
  }
  if (!names_connection)
    put_header(out, "Connection", keep_alive ? "keep-alive" : "close");
  out += "\r\n";
  if (!head_only && !is_bodiless(what.status))
    out += what.body;
  return out;
}

} // namespace parlor::transport
