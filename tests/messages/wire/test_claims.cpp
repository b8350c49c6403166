// SPDX-License-Identifier: MIT
#include "messages/wire/claims.hpp"

#include "tests/support/catch.hpp"

#include <string>

using namespace parlor;
using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

using time_point = std::chrono::system_clock::time_point;

constexpr time_point now{seconds{1'000'000}};

claims good(std::string_view payload, const token_rules& rules = {}) {
  auto result = wire::decode_claims(payload, now, rules);
  INFO(payload);
  REQUIRE(std::holds_alternative<claims>(result));
  return std::get<claims>(result);
}

std::string refusal(std::string_view payload, const token_rules& rules = {}) {
  auto result = wire::decode_claims(payload, now, rules);
  INFO(payload);
  REQUIRE(std::holds_alternative<token_refusal>(result));
  return std::string{std::get<token_refusal>(result).reason};
}

bool allows(const claims& x, const char* room) {
  return x.may.allow(room_name{room});
}

} // namespace

TEST_CASE("a token needs no more than a user", "[claims]") {
  auto x = good(R"({"sub":"ann"})");
  CHECK(x.user == user_id{"ann"});
  CHECK_FALSE(x.expires);
  CHECK(x.may.publish);
  CHECK(allows(x, "any"));
}

TEST_CASE("a token that names no user is refused", "[claims]") {
  for (auto payload :
       {"{}", R"({"sub":""})", R"({"sub":1})", R"({"sub":null})",
        R"({"sub":["ann"]})", R"({"sub":"a\u0000b"})", R"({"sub":"\u0085"})"})
    CHECK(refusal(payload) == "token names no user");
}

TEST_CASE("what is no object has no claims", "[claims]") {
  for (auto payload : {"", "null", "[]", "\"ann\"", "{", R"({"sub":"a"}x)",
                       "{\"sub\":\"\xFF\"}"})
    CHECK(refusal(payload) == "token has no claims");
}

TEST_CASE("a token holds until its exp", "[claims]") {
  CHECK(good(R"({"sub":"a","exp":1000001})").expires == now + seconds{1});
  CHECK(good(R"({"sub":"a","exp":1000000.5})").expires
        == now + milliseconds{500});
  CHECK(good(R"({"sub":"a","exp":1e300})").expires > now + seconds{1'000'000});
  for (auto exp : {"1000000", "999999", "0", "-1", "-1e300"})
    CHECK(refusal(R"({"sub":"a","exp":)" + std::string{exp} + "}")
          == "token has expired");
  for (auto exp : {"\"1000001\"", "true", "[]", "{}", "null"})
    CHECK(refusal(R"({"sub":"a","exp":)" + std::string{exp} + "}")
          == "token has a wrong exp");
}

TEST_CASE("a token holds from its nbf on", "[claims]") {
  good(R"({"sub":"a","nbf":1000000})");
  good(R"({"sub":"a","nbf":-5})");
  CHECK(refusal(R"({"sub":"a","nbf":1000001})") == "token is not valid yet");
  CHECK(refusal(R"({"sub":"a","nbf":1e300})") == "token is not valid yet");
  for (auto nbf : {"\"0\"", "null"})
    CHECK(refusal(R"({"sub":"a","nbf":)" + std::string{nbf} + "}")
          == "token has a wrong nbf");
}

TEST_CASE("rooms are names, or beginnings before a star", "[claims]") {
  auto x = good(R"({"sub":"a","rooms":["tea","ann-*","a*b"]})");
  CHECK(allows(x, "tea"));
  CHECK(allows(x, "ann-"));
  CHECK(allows(x, "ann-1"));
  CHECK(allows(x, "a*b"));
  for (auto room : {"te", "tea2", "Tea", "ann", "axb", "*"})
    CHECK_FALSE(allows(x, room));
  CHECK(allows(good(R"({"sub":"a","rooms":["*"]})"), "any"));
  CHECK_FALSE(allows(good(R"({"sub":"a","rooms":[]})"), "any"));
  for (auto rooms : {"\"tea\"", "[1]", "{}", "true", "[null]", "null"})
    CHECK(refusal(R"({"sub":"a","rooms":)" + std::string{rooms} + "}")
          == "token has wrong rooms");
}

TEST_CASE("publish is true or false", "[claims]") {
  CHECK(good(R"({"sub":"a","publish":true})").may.publish);
  CHECK_FALSE(good(R"({"sub":"a","publish":false})").may.publish);
  for (auto publish : {"0", "\"false\"", "[]", "null"})
    CHECK(refusal(R"({"sub":"a","publish":)" + std::string{publish} + "}")
          == "token has a wrong publish");
}

TEST_CASE("issuer and audience are checked where they are asked for",
          "[claims]") {
  good(R"({"sub":"a","iss":"x","aud":"y"})");
  good(R"({"sub":"a","aud":["y",""]})");
  const token_rules rules{"us", "chat"};
  good(R"({"sub":"a","iss":"us","aud":"chat"})", rules);
  good(R"({"sub":"a","iss":"us","aud":["mail","chat"]})", rules);
  for (auto iss : {R"("iss":"them",)", R"("iss":"US",)", R"("iss":"",)", ""})
    CHECK(
      refusal(R"({"sub":"a",)" + std::string{iss} + R"("aud":"chat"})", rules)
      == "token is of another issuer");
  for (auto aud : {R"(,"aud":"mail")", R"(,"aud":[])", R"(,"aud":["Chat"])",
                   R"(,"aud":"")", ""})
    CHECK(refusal(R"({"sub":"a","iss":"us")" + std::string{aud} + "}", rules)
          == "token is for another audience");
}

TEST_CASE("issuer and audience are of their types in any case", "[claims]") {
  for (auto iss : {"null", "1", "[\"us\"]"})
    CHECK(refusal(R"({"sub":"a","iss":)" + std::string{iss} + "}")
          == "token has a wrong iss");
  for (auto aud : {"null", "1", "[null]", "{}"})
    CHECK(refusal(R"({"sub":"a","aud":)" + std::string{aud} + "}")
          == "token has a wrong aud");
}
