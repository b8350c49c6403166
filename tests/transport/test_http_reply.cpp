// SPDX-License-Identifier: MIT
#include "transport/http_reply.hpp"

#include "tests/support/catch.hpp"

using namespace parlor::transport;

TEST_CASE("an answer is JSON that nobody keeps", "[http_reply]") {
  CHECK(render({200, "{}", {}}, true, false)
        == "HTTP/1.1 200 OK\r\n"
           "Server: parlor\r\n"
           "Content-Type: application/json\r\n"
           "Content-Length: 2\r\n"
           "Cache-Control: no-store\r\n"
           "X-Content-Type-Options: nosniff\r\n"
           "Connection: keep-alive\r\n"
           "\r\n"
           "{}");
}

TEST_CASE("HEAD gets the length but not the body", "[http_reply]") {
  auto text = render({200, "{}", {}}, true, true);
  CHECK(text.find("Content-Length: 2\r\n") != text.npos);
  CHECK(text.ends_with("\r\n\r\n"));
}

TEST_CASE("an answer may be of another type than JSON", "[http_reply]") {
  auto text = render(to_reply({200, "up 1\n", "text/plain"}), true, false);
  CHECK(text.find("Content-Type: text/plain\r\n") != text.npos);
  CHECK(text.find("application/json") == text.npos);
}

TEST_CASE("no content has neither type nor length", "[http_reply]") {
  auto text = render({204, "", {}}, false, false);
  CHECK(text.starts_with("HTTP/1.1 204 No Content\r\n"));
  CHECK(text.find("Content-Length") == text.npos);
  CHECK(text.find("\nContent-Type") == text.npos);
  CHECK(text.find("Connection: close\r\n") != text.npos);
}

TEST_CASE("what did not change has neither length nor body", "[http_reply]") {
  auto text = render({304, "", {{"ETag", "\"x\""}}}, true, false);
  CHECK(text.starts_with("HTTP/1.1 304 Not Modified\r\n"));
  CHECK(text.find("ETag: \"x\"\r\n") != text.npos);
  CHECK(text.find("Content-Length") == text.npos);
}

TEST_CASE("an answer may be of another type, and be kept", "[http_reply]") {
  auto text = render(
    {200, "1;", {{"Content-Type", "text/x"}, {"cache-control", "no-cache"}}},
    true, false);
  CHECK(text.find("Content-Type: text/x\r\n") != text.npos);
  CHECK(text.find("cache-control: no-cache\r\n") != text.npos);
  CHECK(text.find("application/json") == text.npos);
  CHECK(text.find("no-store") == text.npos);
}

TEST_CASE("a refusal is a problem with its headers", "[http_reply]") {
  auto text = render(to_reply(refusal{405, "No.", {{"Allow", "GET"}}}), true,
                     false);
  CHECK(text.starts_with("HTTP/1.1 405 Method Not Allowed\r\n"));
  CHECK(text.find("Content-Type: application/problem+json\r\n") != text.npos);
  CHECK(text.find("Allow: GET\r\n") != text.npos);
  CHECK(text.find("\"status\":405") != text.npos);
}

TEST_CASE("there is one Connection header", "[http_reply]") {
  auto text = render({426, "{}", {{"Connection", "Upgrade"}}}, false, false);
  auto first = text.find("Connection:");
  CHECK(text.substr(first).starts_with("Connection: Upgrade, close\r\n"));
  CHECK(text.find("Connection:", first + 1) == text.npos);
}
