// SPDX-License-Identifier: MIT
#include "transport/pages.hpp"

#include "tests/support/catch.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

using namespace parlor::transport;

namespace {

constexpr std::array some_pages{
  page{"/", "text/html; charset=utf-8", "\"abc\"", "<!doctype html>"},
  page{"/a.js", "text/javascript; charset=utf-8", "\"def\"", "1;"},
  page{"/b/c/", "text/html; charset=utf-8", "\"ghi\"", "<!doctype html>"},
};

std::optional<http_reply> asked(std::string_view method,
                                std::string_view target,
                                std::string_view known = "") {
  request_head head{method, target, 11, {}};
  if (!known.empty())
    head.headers.emplace_back("If-None-Match", known);
  return serve_page(head, some_pages);
}

std::string header(const http_reply& of, std::string_view name) {
  for (auto& [key, value] : of.headers)
    if (key == name)
      return value;
  return {};
}

} // namespace

TEST_CASE("a page is served with its type, its hash and a strict policy",
          "[pages]") {
  auto got = asked("GET", "/a.js");
  REQUIRE(got);
  CHECK(got->status == 200);
  CHECK(got->body == "1;");
  CHECK(header(*got, "Content-Type") == "text/javascript; charset=utf-8");
  CHECK(header(*got, "ETag") == "\"def\"");
  CHECK(header(*got, "Cache-Control") == "no-cache");
  CHECK(header(*got, "Content-Security-Policy")
        == "default-src 'none'; script-src 'self'; style-src 'self'; "
           "connect-src 'self'; img-src 'self' data:; base-uri 'none'; "
           "form-action 'none'; frame-ancestors 'none'");
  CHECK(header(*got, "Referrer-Policy") == "no-referrer");
  CHECK(header(*got, "Cross-Origin-Opener-Policy") == "same-origin");
}

TEST_CASE("a page may be asked for with a query", "[pages]") {
  CHECK(asked("GET", "/?room=tea")->body == "<!doctype html>");
  CHECK(asked("HEAD", "/")->status == 200);
}

TEST_CASE("other paths are nobody's here", "[pages]") {
  for (auto path : {"", "/b.js", "/a.js/", "//", "/../a.js", "/%61.js", "*"})
    CHECK(!asked("GET", path));
}

TEST_CASE("who leaves out the slash at a page's end is told where it is",
          "[pages]") {
  for (auto [target, location] :
       {std::pair{"/b/c", "c/"}, std::pair{"/b/c?x=/&y", "c/?x=/&y"}}) {
    auto got = asked("GET", target);
    REQUIRE(got);
    CHECK(got->status == 301);
    CHECK(got->body.empty());
    CHECK(header(*got, "Location") == location);
    CHECK(asked("POST", target)->status == 405);
  }
  CHECK(asked("GET", "/b/c/")->status == 200);
  for (auto path : {"/b", "/b/", "/b/c//", "c", "/c"})
    CHECK(!asked("GET", path));
}

TEST_CASE("a page is only to be read", "[pages]") {
  for (auto method : {"POST", "PUT", "DELETE", "OPTIONS", "get"}) {
    auto got = asked(method, "/");
    REQUIRE(got);
    CHECK(got->status == 405);
    CHECK(header(*got, "Allow") == "GET, HEAD");
  }
}

TEST_CASE("who has a page already is told so", "[pages]") {
  for (auto known : {"\"abc\"", "W/\"abc\"", "\"x\", \"abc\"", "*"}) {
    auto got = asked("GET", "/", known);
    CHECK(got->status == 304);
    CHECK(got->body.empty());
    CHECK(header(*got, "ETag") == "\"abc\"");
  }
  for (auto known : {"\"def\"", "abc", "\"ab\""})
    CHECK(asked("GET", "/", known)->status == 200);
}

TEST_CASE("pages, client library and descriptions are in the binary",
          "[pages]") {
  auto has = [](std::string_view path, std::string_view type) {
    CAPTURE(path);
    auto all = pages();
    auto found = std::find_if(all.begin(), all.end(),
                              [&](auto& x) { return x.path == path; });
    REQUIRE(found != all.end());
    CHECK(found->type == type);
    CHECK(found->etag.size() == 18);
    CHECK(found->body.size() > 50);
    CHECK(found->body.find("SPDX-License-Identifier: MIT") != found->body.npos);
  };
  has("/", "text/html; charset=utf-8");
  has("/admin/", "text/html; charset=utf-8");
  has("/web/admin/app.js", "text/javascript; charset=utf-8");
  has("/web/page.css", "text/css; charset=utf-8");
  has("/web/icon.svg", "image/svg+xml");
  has("/parlor.js", "text/javascript; charset=utf-8");
  has("/parlor/client.js", "text/javascript; charset=utf-8");
  has("/asyncapi.yaml", "application/yaml");
  has("/openapi.yaml", "application/yaml");
}
