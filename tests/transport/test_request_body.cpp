// SPDX-License-Identifier: MIT
#include "transport/request_body.hpp"

#include "tests/support/catch.hpp"
#include "tests/transport/head_of.hpp"

using namespace parlor::test;
using namespace parlor::transport;

namespace {

unsigned status(const std::optional<refusal>& no) {
  return no ? no->status : 0;
}

/// The status of the refusal; 0 where the end of the body is sure.
unsigned framing(std::initializer_list<header> headers, unsigned version = 11) {
  auto head = head_of("POST", "/api/v1/send", headers);
  head.version = version;
  return status(judge_framing(head));
}

/// The same where it is JSON.
unsigned content(std::initializer_list<header> headers) {
  return status(judge_content(head_of("POST", "/api/v1/send", headers)));
}

unsigned content(std::string_view type) {
  return content({{"Content-Type", type}});
}

} // namespace

TEST_CASE("the end of a body is sure by its length or its chunks",
          "[request_body]") {
  CHECK(framing({}) == 0);
  CHECK(framing({{"Content-Length", "5"}}) == 0);
  CHECK(framing({{"Transfer-Encoding", "chunked"}}) == 0);
  CHECK(framing({{"transfer-encoding", " Chunked "}}) == 0);
}

TEST_CASE("without chunks at last the end of a body is not sure",
          "[request_body]") {
  for (auto coding : {"gzip", "chunked, gzip", "", ",", "identity", "chunkedx",
                      "chunked, chunked", "\"chunked\"", "chunked;a=b"})
    CHECK(framing({{"Transfer-Encoding", coding}}) == 400);
  CHECK(
    framing({{"Transfer-Encoding", "chunked"}, {"Transfer-Encoding", "gzip"}})
    == 400);
  CHECK(framing({{"Transfer-Encoding", "chunked"}}, 10) == 400);
}

TEST_CASE("what is chunked and something else is not understood",
          "[request_body]") {
  CHECK(framing({{"Transfer-Encoding", "gzip, chunked"}}) == 501);
  CHECK(
    framing({{"Transfer-Encoding", "gzip"}, {"Transfer-Encoding", "chunked"}})
    == 501);
}

TEST_CASE("a body is JSON in UTF-8", "[request_body]") {
  for (auto type : {"application/json", "Application/JSON ",
                    "application/json;charset=UTF-8", "application/json;",
                    "application/json; charset", "application/json; x=utf-8",
                    "application/json; charset=utf-8; x=y",
                    "application/json ; Charset=\"utf-8\""})
    CHECK(content(type) == 0);
  for (auto type :
       {"", "text/plain", "application/jsonx", "application/json; charset=",
        "application/json; charset=\"", "application/json; charset=utf-16",
        "application/json; x=y; charset=latin1",
        "application/json, text/plain"})
    CHECK(content(type) == 415);
  CHECK(content(std::initializer_list<header>{}) == 415);
  CHECK(content({{"Content-Type", "application/json"},
                 {"Content-Type", "application/json"}})
        == 415);
}

TEST_CASE("a body is not compressed", "[request_body]") {
  auto coded = [](std::string_view coding) {
    return judge_content(head_of(
      "POST", "/api/v1/send",
      {{"Content-Type", "application/json"}, {"Content-Encoding", coding}}));
  };
  CHECK_FALSE(coded("identity"));
  CHECK_FALSE(coded(""));
  for (auto coding : {"gzip", "identity, br", "zstd"}) {
    auto no = coded(coding);
    REQUIRE(no);
    CHECK(no->status == 415);
    REQUIRE(no->headers.size() == 1);
    CHECK(no->headers[0].first == "Accept-Encoding");
  }
}
