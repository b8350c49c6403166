// SPDX-License-Identifier: MIT
#include "auth/jwt_verifier.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/signed_token.hpp"

#include <chrono>

using namespace parlor;

namespace {

// {"sub":"ann","exp":2000000000}, made by PyJWT.
const std::string secret = "0123456789abcdef0123456789abcdef";
const std::string token = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9."
                          "eyJzdWIiOiJhbm4iLCJleHAiOjIwMDAwMDAwMDB9."
                          "HzOING_i_qksxSkxHrC8X6IPjxpfXIamKIe-_csp8Rk";
const std::chrono::system_clock::time_point now{
  std::chrono::seconds{1'900'000'000}};

bool holds(const std::string& x,
           std::chrono::system_clock::time_point at = now) {
  jwt_verifier judge{token_algorithm::hs256, secret};
  return std::holds_alternative<claims>(judge.verify(x, at));
}

token_refusal refusal(const std::string& x,
                      std::chrono::system_clock::time_point at = now) {
  jwt_verifier judge{token_algorithm::hs256, secret};
  auto result = judge.verify(x, at);
  REQUIRE(std::holds_alternative<token_refusal>(result));
  return std::get<token_refusal>(result);
}

/// HS256, by the secret unless another key is named.
std::string signed_token(std::string_view header, std::string_view payload,
                         const std::string& key = secret) {
  return test::signed_token(header, payload, key);
}

} // namespace

TEST_CASE("a token that is ours holds", "[jwt]") {
  jwt_verifier judge{token_algorithm::hs256, secret};
  auto result = judge.verify(token, now);
  auto* good = std::get_if<claims>(&result);
  REQUIRE(good);
  CHECK(good->user == user_id{"ann"});
  CHECK_FALSE(holds(token, now + std::chrono::seconds{100'000'000}));
}

TEST_CASE("no byte of it may differ", "[jwt]") {
  for (size_t i = 0; i < token.size(); ++i) {
    auto other = token;
    other[i] = other[i] == 'A' ? 'B' : 'A';
    CHECK_FALSE(holds(other));
  }
}

TEST_CASE("nothing may be missing or too much", "[jwt]") {
  for (size_t size = 0; size + 1 < token.size(); ++size)
    CHECK_FALSE(holds(token.substr(0, size)));
  CHECK_FALSE(holds(token + '\0'));
  CHECK_FALSE(holds(token + std::string(max_token_bytes, 'A')));
}

TEST_CASE("of the header alg and crit alone count", "[jwt]") {
  for (auto header : {R"({"alg":"HS256"})", R"({"alg":"HS256","typ":"at+jwt"})",
                      R"({"typ":"JOSE","alg":"HS256","kid":"1"})",
                      R"({"alg":"HS256","typ":"application/jwt"})",
                      R"({"alg":"HS256","typ":null,"cty":7})"}) {
    INFO(header);
    CHECK(holds(signed_token(header, R"({"sub":"ann"})")));
  }
  for (auto header :
       {R"({"alg":"hs256"})", R"({"alg":"none"})", "{}", "[]", "",
        R"({"alg":["HS256"]})", R"({"alg":"HS256","crit":["b64"]})",
        R"({"alg":"HS256","crit":null})", R"({"alg":"HS512"})"}) {
    INFO(header);
    CHECK(refusal(signed_token(header, R"({"sub":"ann"})")).reason
          == "token is not ours");
  }
}

TEST_CASE("no rule but the documented ones is in the way of a payload",
          "[jwt]") {
  for (auto payload :
       {R"({"sub":"ann","x":"\u0000"})", R"({"sub":"ann","n":1e300})",
        R"({"sub":"ann","n":99999999999999999999})",
        R"({"sub":"bob","sub":"ann"})", R"( {"sub":"ann"} )"}) {
    INFO(payload);
    CHECK(holds(signed_token(R"({"alg":"HS256"})", payload)));
  }
}

TEST_CASE("a newer token cures what time or another key did", "[jwt]") {
  auto header = R"({"alg":"HS256"})";
  CHECK(refusal(token, now + std::chrono::seconds{100'000'000}).renewable);
  CHECK(refusal(signed_token(header, R"({"sub":"a","nbf":2e9})")).renewable);
  CHECK(refusal(signed_token(header, R"({"sub":"ann"})", std::string(32, 'x')))
          .renewable);
  CHECK_FALSE(refusal(signed_token(header, R"({"sub":""})")).renewable);
  CHECK_FALSE(refusal("a.b.c").renewable);
  // As it would be refused again.
  CHECK_FALSE(
    refusal(signed_token(header, R"({"sub":"a","exp":1,"rooms":null})"))
      .renewable);
}

TEST_CASE("a token may have to name its issuer and audience", "[jwt]") {
  jwt_verifier judge{token_algorithm::hs256, secret, {"us", "chat"}};
  auto verdict = [&](const std::string& more) {
    return judge.verify(
      signed_token(R"({"alg":"HS256"})", R"({"sub":"ann")" + more + "}"), now);
  };
  CHECK(std::holds_alternative<claims>(
    verdict(R"(,"iss":"us","aud":["mail","chat"])")));
  CHECK(std::holds_alternative<token_refusal>(verdict("")));
}

TEST_CASE("another algorithm than the configured one is refused", "[jwt]") {
  for (auto other : {token_algorithm::rs256, token_algorithm::es256,
                     token_algorithm::none}) {
    jwt_verifier judge{other, secret};
    CHECK(std::holds_alternative<token_refusal>(judge.verify(token, now)));
  }
}
