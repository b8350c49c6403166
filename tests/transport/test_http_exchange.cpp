// SPDX-License-Identifier: MIT
#include "tests/support/catch.hpp"
#include "transport/http_exchange.hpp"

#include <boost/beast/http/error.hpp>

#include <algorithm>
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

/// The most that was left at once of a body that begins so and goes on with
/// these bytes for ever, until it was refused for that.
size_t most_left(const std::string& start, char endless, size_t piece) {
  http_exchange exchange;
  std::string_view input{head};
  REQUIRE(!exchange.take_head(input));
  std::string rest;
  size_t most = 0;
  for (auto next = start; rest.size() < 8 * parlor::max_header_bytes;
       next = std::string(piece, endless)) {
    rest += next;
    std::string_view left{rest};
    if (auto err = exchange.take_body(left)) {
      CHECK(err == boost::beast::http::error::header_limit);
      return most;
    }
    rest.erase(0, rest.size() - left.size());
    most = std::max(most, rest.size());
  }
  FAIL("it is never refused");
  return most;
}

} // namespace

TEST_CASE("chunks may come in pieces of any size", "[http]") {
  for (size_t piece = 1; piece < 20; ++piece) {
    CHECK(body_of("0\r\n\r\n", piece).empty());
    CHECK(body_of("5\r\nhello\r\n1\r\n!\r\n0\r\n\r\n", piece) == "hello!");
    CHECK(body_of("2\r\nhi\r\n0\r\n\r", piece) == "none");
  }
}

TEST_CASE("what is around chunks is no longer than a header", "[http]") {
  for (size_t piece : {1, 1000, 65536})
    for (auto* start :
         {"1;x=", "0;x=", "0\r\nX: ", "1\r\nx\r\n1;x=", "1;x=\""}) {
      CAPTURE(start, piece);
      CHECK(most_left(start, 'y', piece) <= parlor::max_header_bytes);
    }
}

TEST_CASE("what is around chunks may be as long as a header", "[http]") {
  std::string most(parlor::max_header_bytes - 100, 'x');
  for (size_t piece : {777, 65536}) {
    CHECK(
      body_of("1;x=" + most + "\r\na\r\n0\r\nX: " + most + "\r\n\r\n", piece)
      == "a");
  }
}
