// SPDX-License-Identifier: MIT
#pragma once

#include "transport/http_session.hpp"

#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include <optional>
#include <string>

namespace parlor::transport {

/// What of a session is Beast's: the request that is being read, and bytes
/// that came behind it.
struct http_session::exchange {
  boost::beast::flat_buffer buffer;
  std::optional<
    boost::beast::http::request_parser<boost::beast::http::string_body>>
    parser;

  /// Makes ready for the next request.
  void begin() {
    parser.emplace();
    parser->header_limit(max_header_bytes);
    parser->body_limit(max_body_bytes);
    if (buffer.size() == 0)
      buffer.shrink_to_fit();
  }

  /// The head of the request; refers to the parser.
  request_head head() const {
    auto view = [](boost::beast::string_view x) {
      return std::string_view{x.data(), x.size()};
    };
    auto& request = parser->get();
    request_head result{view(request.method_string()),
                        view(request.target()),
                        request.version(),
                        {}};
    for (auto& field : request)
      result.headers.emplace_back(view(field.name_string()),
                                  view(field.value()));
    return result;
  }

  /// What came behind the request's head.
  std::string rest() const {
    auto data = buffer.data();
    return {static_cast<const char*>(data.data()), data.size()};
  }
};

} // namespace parlor::transport
