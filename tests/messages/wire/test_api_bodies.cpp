// SPDX-License-Identifier: MIT
#include "messages/wire/api.hpp"

#include "tests/support/catch.hpp"

#include <string>
#include <variant>

using namespace parlor;
using namespace parlor::wire;

namespace {

constexpr size_t depth = 32;

template <class T>
T good(const body<T>& x) {
  if (auto bad = std::get_if<bad_body>(&x))
    FAIL(bad->detail);
  return std::get<T>(x);
}

/// What is said of a body that is not understood; empty of a good one.
template <class T>
std::string detail(const body<T>& x) {
  auto bad = std::get_if<bad_body>(&x);
  return bad ? bad->detail : std::string{};
}

std::string publish_detail(std::string_view text) {
  return detail(decode_publish_body(text, depth));
}

bool names(std::string_view member, const std::string& text) {
  INFO(text);
  return text.starts_with(member);
}

} // namespace

TEST_CASE("a publish body has room, content, sender and exclude") {
  auto x = good(decode_publish_body(
    R"({"room":"tea","content":{"n": 18446744073709551615},"sender":"ann",)"
    R"("exclude":"bob","key":"k"})",
    depth));
  CHECK(x.room.str() == "tea");
  CHECK(x.content == R"({"n": 18446744073709551615})");
  CHECK(x.sender.str() == "ann");
  CHECK(x.exclude == "bob");
  CHECK(x.key == "k");
}

TEST_CASE("the key of a publish is in its body or in its header") {
  auto key_of = [](std::string_view body, std::string_view header) {
    return good(decode_publish_body(body, depth, header)).key;
  };
  auto without = R"({"room":"tea","content":1})";
  auto with = R"({"room":"tea","content":1,"key":"k"})";
  CHECK(key_of(without, "") == "");
  CHECK(key_of(without, "k") == "k");
  CHECK(key_of(without, R"("k")") == "k");
  CHECK(key_of(without, R"(")") == R"(")");
  CHECK(key_of(with, "") == "k");
  CHECK(key_of(with, "k") == "k");
  CHECK(key_of(with, R"("k")") == "k");
  auto complaint = [](std::string_view body, std::string_view header) {
    return detail(decode_publish_body(body, depth, header));
  };
  CHECK(names("key and Idempotency-Key differ", complaint(with, "other")));
  CHECK(names("Idempotency-Key", complaint(without, std::string(10000, 'k'))));
  CHECK(names("Idempotency-Key", complaint(without, "\xff")));
  CHECK(names("key", publish_detail(R"({"room":"r","content":1,"key":1})")));
  CHECK(names("key", publish_detail(R"({"room":"r","content":1,"key":""})")));
  CHECK(names("key", publish_detail(R"({"room":"r","content":1,"key":")"
                                    + std::string(10000, 'k') + R"("})")));
}

TEST_CASE("a publish body without a sender comes from the server") {
  auto x = good(decode_publish_body(R"({"room":"tea","content":null})", depth));
  CHECK(x.sender.str() == "server");
  CHECK(x.content == "null");
  CHECK(x.exclude.empty());
}

TEST_CASE("what is wrong with a publish body is named") {
  CHECK(names("room", publish_detail(R"({"content":1})")));
  CHECK(names("room", publish_detail(R"({"content":1,"room":5})")));
  CHECK(names("room", publish_detail(R"({"content":1,"room":""})")));
  CHECK(names("room", publish_detail(R"({"content":1,"room":"\u0001"})")));
  CHECK(names("content", publish_detail(R"({"room":"r"})")));
  CHECK(names("sender",
              publish_detail(R"({"room":"r","content":1,"sender":null})")));
  CHECK(
    names("sender", publish_detail(R"({"room":"r","content":1,"sender":""})")));
  CHECK(names("exclude",
              publish_detail(R"({"room":"r","content":1,"exclude":["a"]})")));
}

TEST_CASE("a send body has user and content") {
  auto x = good(decode_send_body(R"({"user":"bob","content":"x"})", depth));
  CHECK(x.to.str() == "bob");
  CHECK(x.content == R"("x")");
  CHECK(names("user", detail(decode_send_body(R"({"content":1})", depth))));
  CHECK(names("content", detail(decode_send_body(R"({"user":"b"})", depth))));
}

TEST_CASE("a broadcast body has content and exclude") {
  auto x = good(
    decode_broadcast_body(R"({"content":[1],"exclude":"0100"})", depth));
  CHECK(x.content == "[1]");
  CHECK(x.exclude == "0100");
  CHECK(good(decode_broadcast_body(R"({"content":1})", depth)).exclude == "");
  CHECK(names("content", detail(decode_broadcast_body("{}", depth))));
  CHECK(names("exclude", detail(decode_broadcast_body(
                           R"({"content":1,"exclude":1})", depth))));
}

TEST_CASE("a key is refused where nothing is known by it") {
  CHECK(names("key", detail(decode_send_body(
                       R"({"user":"b","content":1,"key":"k"})", depth))));
  CHECK(names("key", detail(decode_broadcast_body(
                       R"({"content":1,"key":null})", depth))));
}

TEST_CASE("a disconnect body has a user") {
  CHECK(good(decode_disconnect_body(R"({"user":"bob"})", depth)).user.str()
        == "bob");
  CHECK(names("user", detail(decode_disconnect_body("{}", depth))));
  CHECK(names("user", detail(decode_disconnect_body(R"({"user":{}})", depth))));
}

TEST_CASE("a body has to be a JSON object") {
  for (auto text : {"", "{", "1", "[]", "null", R"({"room":"r","content":1},)"})
    CHECK(!publish_detail(text).empty());
}

TEST_CASE("a body has to be valid UTF-8") {
  for (auto text : {"{\"room\":\"\xC0\x80\",\"content\":1}",
                    "{\"room\":\"r\",\"content\":\"\xED\xA0\x80\"}",
                    "{\"room\":\"r\",\"content\":1,\"x\":\"\xFF\"}"})
    CHECK(publish_detail(text).find("UTF-8") != std::string::npos);
}

TEST_CASE("a body may not nest deeper than the limit") {
  auto text = R"({"room":"r","content":)" + std::string(3, '[')
              + std::string(3, ']') + "}";
  CHECK(detail(decode_publish_body(text, 4)).empty());
  CHECK(!detail(decode_publish_body(text, 3)).empty());
}
