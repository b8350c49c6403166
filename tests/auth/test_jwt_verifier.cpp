// SPDX-License-Identifier: MIT
#include "auth/jwt_verifier.hpp"

#include "tests/support/catch.hpp"

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
    // The last digit of the signature has bits to spare.
    if (i + 1 < token.size())
      CHECK_FALSE(holds(other));
  }
}

TEST_CASE("nothing may be missing or too much", "[jwt]") {
  for (size_t size = 0; size + 1 < token.size(); ++size)
    CHECK_FALSE(holds(token.substr(0, size)));
  CHECK_FALSE(holds(token + '\0'));
  CHECK_FALSE(holds(token + std::string(max_token_bytes, 'A')));
}

TEST_CASE("another algorithm than the configured one is refused", "[jwt]") {
  for (auto other : {token_algorithm::rs256, token_algorithm::es256,
                     token_algorithm::none}) {
    jwt_verifier judge{other, secret};
    CHECK(std::holds_alternative<token_refusal>(judge.verify(token, now)));
  }
}
