// SPDX-License-Identifier: MIT
#include "tests/support/catch.hpp"
#include "transport/http_exchange.hpp"

#include <string>

using namespace parlor::transport;

namespace {

const std::string head = "POST / HTTP/1.1\r\n"
                         "Host: x\r\n"
                         "Transfer-Encoding: chunked\r\n\r\n";

/// The body of a request that comes in pieces of this size; none where it does
/// not end.
std::string body_of(const std::string& chunks, size_t piece) {
  http_exchange exchange;
  std::string_view start{head};
  REQUIRE(!exchange.take_head(start));
  REQUIRE(exchange.parser.is_header_done());
  std::string rest;
  for (size_t i = 0; i < chunks.size(); i += piece) {
    rest += chunks.substr(i, piece);
    std::string_view input{rest};
    REQUIRE(!exchange.take_body(input));
    rest.erase(0, rest.size() - input.size());
  }
  return exchange.parser.is_done() ? exchange.parser.get().body() : "none";
}

} // namespace

TEST_CASE("chunks may come in pieces of any size", "[http]") {
  for (size_t piece = 1; piece < 20; ++piece) {
    CHECK(body_of("0\r\n\r\n", piece).empty());
    CHECK(body_of("5\r\nhello\r\n1\r\n!\r\n0\r\n\r\n", piece) == "hello!");
    CHECK(body_of("2\r\nhi\r\n0\r\n\r", piece) == "none");
  }
}
