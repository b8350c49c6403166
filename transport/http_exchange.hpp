// SPDX-License-Identifier: MIT
#pragma once

#include "messages/limits.hpp"
#include "transport/net.hpp"
#include "transport/request_head.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include <string>
#include <string_view>

namespace parlor::transport {

/// What of an HTTP session is Beast's: the parser of one request. Has no socket.
struct http_exchange {
  boost::beast::http::request_parser<boost::beast::http::string_body> parser;

  http_exchange() {
    parser.header_limit(max_header_bytes);
    parser.body_limit(max_body_bytes);
  }

  /// Takes from the front of `input` what belongs to the head; what it leaves
  /// of a head that is not whole has to come again, with more behind it.
  error_code take_head(std::string_view& input) {
    error_code err;
    if (!parser.got_some())
      drop_empty_lines(input);
    if (input == "\r")
      return err;
    while (!err && !parser.is_header_done() && !input.empty())
      input.remove_prefix(parser.put(asio::buffer(input), err));
    return without_need(err);
  }

  /// The same for the body.
  error_code take_body(std::string_view& input) {
    error_code err;
    parser.eager(true);
    while (!err && !parser.is_done() && input.size() >= least_of_body())
      input.remove_prefix(parser.put(asio::buffer(input), err));
    return without_need(err);
  }

  /// The head of the request; refers to the parser.
  request_head head() const {
    auto view = [](boost::beast::string_view x) {
      return std::string_view{x.data(), x.size()};
    };
    auto& request = parser.get();
    request_head result{view(request.method_string()),
                        view(request.target()),
                        request.version(),
                        {}};
    result.headers.reserve(usual_fields);
    for (auto& field : request)
      result.headers.emplace_back(view(field.name_string()),
                                  view(field.value()));
    return result;
  }

private:
  /// Before a request they are ignored (RFC 9112 §2.2), however they are cut.
  static void drop_empty_lines(std::string_view& input) {
    while (input.starts_with("\r\n"))
      input.remove_prefix(2);
  }

  /// No chunked body ends in less than "0\r\n\r\n", and Beast asserts that it
  /// is given no less (boostorg/beast#2861).
  size_t least_of_body() const { return parser.chunked() ? 5 : 1; }

  /// What browsers send with an upgrade, and a few.
  static constexpr size_t usual_fields = 20;

  /// That more is needed is no error.
  static error_code without_need(error_code err) {
    return err == boost::beast::http::error::need_more ? error_code{} : err;
  }
};

} // namespace parlor::transport
