// SPDX-License-Identifier: MIT
#include "transport/request_head.hpp"

#include "tests/support/catch.hpp"
#include "tests/transport/head_of.hpp"

#include <string>
#include <string_view>
#include <vector>

using namespace parlor::test;
using namespace parlor::transport;

namespace {

using texts = std::vector<std::string_view>;

request_head with(std::initializer_list<header> headers) {
  return head_of("GET", "/", headers);
}

/// The target and the host of a request for this.
std::pair<std::string, std::string>
origin_form(std::string_view target, std::initializer_list<header> headers) {
  auto head = head_of("GET", target, headers);
  head.to_origin_form();
  return {std::string{head.target},
          std::string{head.find("Host").value_or("none")}};
}

using places = std::pair<std::string, std::string>;

} // namespace

TEST_CASE("texts are the same whatever the case of a to z", "[request_head]") {
  CHECK(same_text("", ""));
  CHECK(same_text("azAZ09-", "AZaz09-"));
  CHECK_FALSE(same_text("a", "ab"));
  CHECK_FALSE(same_text("ab", "a"));
  // What is beside the letters, 32 apart.
  CHECK_FALSE(same_text("@", "`"));
  CHECK_FALSE(same_text("[", "{"));
  CHECK_FALSE(same_text("\xC3\x84", "\xC3\xA4"));
}

TEST_CASE("blanks around a text are dropped", "[request_head]") {
  CHECK(trimmed("a") == "a");
  CHECK(trimmed(" \ta b\t ") == "a b");
  CHECK(trimmed(" \t").empty());
  CHECK(trimmed("").empty());
  CHECK(trimmed("\na\n") == "\na\n");
}

TEST_CASE("a list may have empty members, which are none", "[request_head]") {
  CHECK(list_members("a, b ,c") == texts{"a", "b", "c"});
  CHECK(list_members(",a,, ,b,") == texts{"a", "b"});
  CHECK(list_members(" , ").empty());
  CHECK(list_members("").empty());
}

TEST_CASE("a header is found by its name, the first one", "[request_head]") {
  auto head = with({{"One", " a "}, {"two", "b, c"}, {"ONE", "d"}});
  CHECK(head.find("one") == "a");
  CHECK(head.find("Two") == "b, c");
  CHECK_FALSE(head.find("three"));
  CHECK(head.count("oNe") == 2);
  CHECK(head.count("three") == 0);
  CHECK(head.has("TWO"));
  CHECK_FALSE(head.has("three"));
  CHECK(head.list("one") == texts{"a", "d"});
  CHECK(head.list("two") == texts{"b", "c"});
  CHECK(head.lists("two", "C"));
  CHECK(head.lists("one", "d"));
  CHECK(head.lists("one", "a"));
  CHECK_FALSE(head.lists("one", "b"));
  CHECK_FALSE(head.lists("two", "b, c"));
  CHECK_FALSE(head.lists("three", "a"));
}

TEST_CASE("one bearer is believed, and none of several", "[request_head]") {
  CHECK(with({{"Authorization", "Bearer a.b"}}).bearer() == "a.b");
  CHECK(with({{"authorization", "BEARER  a "}}).bearer() == "a");
  CHECK(with({{"Authorization", "Bearer"}}).bearer() == std::nullopt);
  CHECK(with({{"Authorization", "Bearera"}}).bearer() == std::nullopt);
  CHECK(with({{"Authorization", "Basic a"}}).bearer() == std::nullopt);
  CHECK(with({}).bearer() == std::nullopt);
  CHECK(with({{"Authorization", "Bearer a"}, {"Authorization", "Bearer a"}})
          .bearer()
        == std::nullopt);
}

TEST_CASE("a target with a host names that host", "[request_head]") {
  CHECK(origin_form("/a", {{"Host", "x"}}) == places{"/a", "x"});
  CHECK(origin_form("http://y/a?b", {{"Host", "x"}}) == places{"/a?b", "y"});
  CHECK(origin_form("HTTPS://y:1/a", {}) == places{"/a", "y:1"});
  CHECK(origin_form("http://y", {{"Host", "x"}}) == places{"/", "y"});
  CHECK(origin_form("http://y?b", {}) == places{"?b", "y"});
  CHECK(origin_form("http://y#b", {}) == places{"#b", "y"});
  // These are no targets, and stay what they are.
  for (auto target : {"http:///a", "http://", "http://me@y/a", "ftp://y/a",
                      "http:/y/a", "httpss://y/a", "*"})
    CHECK(origin_form(target, {{"Host", "x"}}) == places{target, "x"});
  CHECK(origin_form("http://y/a@b", {}) == places{"/a@b", "y"});
}
