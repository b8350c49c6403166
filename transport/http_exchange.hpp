// SPDX-License-Identifier: MIT
#pragma once

#include "messages/limits.hpp"
#include "transport/net.hpp"
#include "transport/request_head.hpp"

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
  /// of a head that is not whole has to come again, with more behind it. More
  /// than `max_header_bytes` is never left: then there is an error.
  error_code take_head(std::string_view& input);

  /// The same for the body, of which lines around its chunks and trailers may
  /// be left.
  error_code take_body(std::string_view& input);

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
  /// What browsers send with an upgrade, and a few.
  static constexpr size_t usual_fields = 20;
};

} // namespace parlor::transport
