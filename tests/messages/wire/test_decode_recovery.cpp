// SPDX-License-Identifier: MIT
#include "messages/wire/decode.hpp"
#include "tests/support/catch.hpp"

#include <string>
#include <variant>

using namespace parlor;
using namespace parlor::wire;

namespace {

decoded typed(std::string_view text) {
  return decode(text, dialect::typed, 32);
}

template <class Command>
Command command_of(std::string_view text) {
  INFO(text);
  auto result = typed(text);
  if (auto bad = std::get_if<rejection>(&result))
    FAIL(bad->message);
  return std::get<Command>(std::get<request>(result).what);
}

join_wishes wishes(std::string_view members) {
  auto text = R"({"type":"join","room":"r")" + std::string{members} + "}";
  return command_of<join_command>(text).wants;
}

/// What a frame of this type and these further members is refused with.
std::string refusal(const char* type, std::string_view members) {
  auto text = R"({"type":")" + std::string{type} + R"(","room":"r")"
              + std::string{members} + "}";
  INFO(text);
  auto result = typed(text);
  REQUIRE(std::holds_alternative<rejection>(result));
  CHECK(std::get<rejection>(result).code == ec::bad_request);
  return std::get<rejection>(result).message;
}

/// A member with this value.
std::string member(const char* name, const std::string& value) {
  return ",\"" + std::string{name} + "\":" + value;
}

} // namespace

TEST_CASE("a join says where it was and what it wants") {
  CHECK(wishes("") == join_wishes{});
  CHECK(wishes(R"(,"since":{"epoch":"1f-2","seq":3})")
        == join_wishes{{{0x1F, 2}, 3}, 0, false});
  CHECK(wishes(R"(,"rewind":50,"presence":true)") == join_wishes{{}, 50, true});
  CHECK(wishes(R"(,"rewind":0,"presence":false)") == join_wishes{});
}

TEST_CASE("a place that never was is no error") {
  CHECK(wishes(R"(,"since":{"epoch":"","seq":3})").since.epoch == epoch{});
  CHECK(wishes(R"(,"since":{"epoch":"nonsense","seq":3})").since.epoch
        == epoch{});
  CHECK(wishes(R"(,"since":{"epoch":"1-1","seq":99999999999999999999999})")
          .since.seq
        == UINT64_MAX);
}

TEST_CASE("what is wrong with a join's place is named") {
  for (auto value : {"1", "null", R"("1-1")", "[]"})
    CHECK(refusal("join", member("since", value)) == "since must be an object");
  CHECK(refusal("join", R"(,"since":{})") == "since.epoch is missing");
  CHECK(refusal("join", R"(,"since":{"seq":1})") == "since.epoch is missing");
  CHECK(refusal("join", R"(,"since":{"epoch":1,"seq":1})")
        == "since.epoch must be a string");
  CHECK(refusal("join", R"(,"since":{"epoch":"1-1"})")
        == "since.seq is missing");
  for (auto value : {"-1", "1.0", "1e2", R"("1")", "null", "[]"})
    CHECK(refusal("join", R"(,"since":{"epoch":"1-1","seq":)"
                            + std::string{value} + "}")
          == "since.seq must be an integer from 0 on");
}

TEST_CASE("what is wrong with a join's other wishes is named") {
  for (auto value : {"-1", "0.5", R"("all")", "true", "null", "{}"})
    CHECK(refusal("join", member("rewind", value))
          == "rewind must be an integer from 0 on");
  CHECK(refusal("join", R"(,"presence":1)")
        == "presence must be true or false");
}

TEST_CASE("a rewind or a limit may be larger than anything there is") {
  CHECK(wishes(R"(,"rewind":18446744073709551616)").rewind == UINT64_MAX);
  auto x = command_of<history_command>(
    R"({"type":"history","room":"r","limit":18446744073709551616})");
  CHECK(x.limit == UINT64_MAX);
}

TEST_CASE("a history query has a place and a number, or neither") {
  auto whole = command_of<history_command>(
    R"({"type":"history","room":"r","before":7,"limit":3})");
  CHECK(whole.room.str() == "r");
  CHECK(whole.before == 7);
  CHECK(whole.limit == 3);
  auto bare = command_of<history_command>(R"({"type":"history","room":"r"})");
  CHECK(bare.before == UINT64_MAX);
  CHECK(bare.limit == 100);
  for (auto name : {"before", "limit"})
    for (auto value : {"-1", "0.5", R"("7")", "null"})
      CHECK(refusal("history", member(name, value))
            == std::string{name} + " must be an integer from 0 on");
}

TEST_CASE("a message's key is a name") {
  auto head = std::string{R"({"type":"chat","room":"r","content":1)"};
  CHECK(command_of<publish_command>(head + "}").key.empty());
  CHECK(command_of<publish_command>(head + R"(,"key":"k 1"})").key == "k 1");
  for (auto value : {R"("")", "5", "null", R"("a\n")"})
    CHECK(refusal("chat", R"(,"content":1)" + member("key", value))
            .starts_with("key must be"));
  auto huge = '"' + std::string(10000, 'k') + '"';
  CHECK(refusal("chat", R"(,"content":1)" + member("key", huge))
        == "key must be 1-255 bytes without control characters");
}

TEST_CASE("a signal has a name and data") {
  auto x = command_of<signal_command>(
    R"({"type":"signal","room":"r","name":"typing","data":{"on": true}})");
  CHECK(x.room.str() == "r");
  CHECK(x.name == "typing");
  CHECK(x.data == R"({"on": true})");
  CHECK(refusal("signal", R"(,"data":1)") == "name is missing");
  CHECK(refusal("signal", R"(,"data":1,"name":5)") == "name must be a string");
  CHECK(refusal("signal", R"(,"name":"typing")") == "data is missing");
}

TEST_CASE("presence has data") {
  auto x = command_of<presence_command>(
    R"({"type":"presence","room":"r","data":null})");
  CHECK(x.room.str() == "r");
  CHECK(x.data == "null");
  CHECK(refusal("presence", "") == "data is missing");
}
