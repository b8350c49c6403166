// SPDX-License-Identifier: MIT
#include "transport/http_exchange.hpp"

#include <boost/asio/buffer.hpp>

namespace parlor::transport {

namespace http = boost::beast::http;

namespace {

/// Before a request they are ignored (RFC 9112 §2.2), however they are cut.
void drop_empty_lines(std::string_view& input) {
  while (input.starts_with("\r\n"))
    input.remove_prefix(2);
}

/// What becomes of Beast's error: that more is needed is none, as long as what
/// is left is no more than may be kept. Beast itself limits the head alone, and
/// takes nothing of a chunk's line or of trailers before their end.
error_code judge_left(std::string_view left, error_code err) {
  if (err && err != http::error::need_more)
    return err;
  if (left.size() > max_header_bytes)
    return http::error::header_limit;
  return {};
}

} // namespace

error_code http_exchange::take_head(std::string_view& input) {
  error_code err;
  if (!parser.got_some())
    drop_empty_lines(input);
  if (input == "\r")
    return err;
  while (!err && !parser.is_header_done() && !input.empty())
    input.remove_prefix(parser.put(asio::buffer(input), err));
  return judge_left(parser.is_header_done() ? "" : input, err);
}

error_code http_exchange::take_body(std::string_view& input) {
  // No chunked body ends in less than "0\r\n\r\n", and Beast asserts that it
  // is given no less (boostorg/beast#2861).
  size_t least = parser.chunked() ? 5 : 1;
  error_code err;
  parser.eager(true);
  while (!err && !parser.is_done() && input.size() >= least)
    input.remove_prefix(parser.put(asio::buffer(input), err));
  return judge_left(parser.is_done() ? "" : input, err);
}

} // namespace parlor::transport
