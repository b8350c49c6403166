// SPDX-License-Identifier: MIT
#include "auth/jwt_verifier.hpp"

#include "auth/signature.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/signed_token.hpp"

#include <chrono>
#include <memory>
#include <vector>

#include <malloc.h>
#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

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

/// Signs as an identity provider does.
class signer {
public:
  explicit signer(EVP_PKEY* key) : key_{key, EVP_PKEY_free} {
    REQUIRE(key != nullptr);
  }

  std::string pem() const {
    std::unique_ptr<BIO, decltype(&BIO_free)> to{BIO_new(BIO_s_mem()),
                                                 BIO_free};
    PEM_write_bio_PUBKEY(to.get(), key_.get());
    char* data = nullptr;
    auto size = BIO_get_mem_data(to.get(), &data);
    return {data, static_cast<size_t>(size)};
  }

  /// As OpenSSL makes it: of an EC key in DER.
  std::string signature_of(const std::string& text) const {
    std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> by{EVP_MD_CTX_new(),
                                                               EVP_MD_CTX_free};
    std::vector<unsigned char> made(1024);
    auto size = made.size();
    REQUIRE(
      EVP_DigestSignInit(by.get(), nullptr, EVP_sha256(), nullptr, key_.get())
      == 1);
    REQUIRE(EVP_DigestSign(by.get(), made.data(), &size,
                           reinterpret_cast<const unsigned char*>(text.data()),
                           text.size())
            == 1);
    return {made.begin(), made.begin() + static_cast<ptrdiff_t>(size)};
  }

  /// Of a token with this algorithm; `form` makes of the signature what it says.
  template <class F>
  std::string token(const char* algorithm, F form) const {
    auto text = test::base64url(R"({"alg":")" + std::string{algorithm} + "\"}")
                + '.' + test::base64url(R"({"sub":"ann"})");
    return text + '.' + test::base64url(form(signature_of(text)));
  }

private:
  std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key_;
};

std::string as_it_is(std::string x) {
  return x;
}

/// r and s in 32 bytes each, one after the other (RFC 7518 §3.4).
std::string raw(const std::string& der) {
  auto* at = reinterpret_cast<const unsigned char*>(der.data());
  std::unique_ptr<ECDSA_SIG, decltype(&ECDSA_SIG_free)> pair{
    d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(der.size())), ECDSA_SIG_free};
  REQUIRE(pair);
  std::string result(64, '\0');
  auto* to = reinterpret_cast<unsigned char*>(result.data());
  BN_bn2binpad(ECDSA_SIG_get0_r(pair.get()), to, 32);
  BN_bn2binpad(ECDSA_SIG_get0_s(pair.get()), to + 32, 32);
  return result;
}

std::variant<claims, token_refusal>
verdict(token_algorithm by, const std::string& key, const std::string& x) {
  return jwt_verifier{by, key}.verify(x, now);
}

bool holds_by(token_algorithm by, const std::string& key,
              const std::string& x) {
  return std::holds_alternative<claims>(verdict(by, key, x));
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

TEST_CASE("a part may be empty, and says nothing then", "[jwt]") {
  CHECK(refusal(signed_token(R"({"alg":"HS256"})", "")).reason
        == "token has no claims");
  CHECK(refusal("..").reason == "token is not ours");
  CHECK(refusal("").reason == "token is not ours");
  CHECK(refusal(".").reason == "token is not ours");
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

TEST_CASE("a token may be as long as it says", "[jwt]") {
  auto header = R"({"alg":"HS256"})";
  auto of_size = [&](size_t size) {
    for (size_t fill = size / 2; fill < size; ++fill)
      if (auto x = signed_token(header, R"({"sub":"ann","x":")"
                                          + std::string(fill, 'x') + "\"}");
          x.size() >= size)
        return x;
    return std::string{};
  };
  REQUIRE(of_size(max_token_bytes).size() == max_token_bytes);
  CHECK(holds(of_size(max_token_bytes)));
  CHECK(refusal(of_size(max_token_bytes + 1)).reason == "token is too long");
  CHECK_FALSE(refusal(of_size(max_token_bytes + 1)).renewable);
}

TEST_CASE("tokens of RS256 are checked with a public key", "[jwt]") {
  using enum token_algorithm;
  signer ours{EVP_RSA_gen(2048)};
  signer other{EVP_RSA_gen(2048)};
  auto good = ours.token("RS256", as_it_is);
  CHECK(holds_by(rs256, ours.pem(), good));
  auto wrong = verdict(rs256, other.pem(), good);
  REQUIRE(std::holds_alternative<token_refusal>(wrong));
  CHECK(std::get<token_refusal>(wrong).reason == "token is not ours");
  CHECK(std::get<token_refusal>(wrong).renewable);
  for (auto& bad :
       {ours.token("RS256", [](auto x) { return x.substr(1); }),
        ours.token("RS256", [](auto x) { return x + '\0'; }),
        ours.token("RS256", [](auto) { return std::string{}; }),
        ours.token("HS256", as_it_is), ours.token("none", as_it_is),
        signed_token(R"({"alg":"RS256"})", R"({"sub":"ann"})", ours.pem()),
        signed_token(R"({"alg":"HS256"})", R"({"sub":"ann"})", ours.pem())})
    CHECK_FALSE(holds_by(rs256, ours.pem(), bad));
  CHECK(holds_by(rs256, ours.pem(), good));
}

TEST_CASE("tokens of ES256 have r and s one after the other", "[jwt]") {
  using enum token_algorithm;
  signer ours{EVP_EC_gen("P-256")};
  signer other{EVP_EC_gen("P-256")};
  // Either may begin with zeros.
  for (int i = 0; i < 300; ++i)
    REQUIRE(holds_by(es256, ours.pem(), ours.token("ES256", raw)));
  auto good = ours.token("ES256", raw);
  CHECK_FALSE(holds_by(es256, other.pem(), good));
  for (auto& bad :
       {ours.token("ES256", as_it_is), ours.token("RS256", raw),
        ours.token("ES256", [](auto x) { return raw(x).substr(1); }),
        ours.token("ES256", [](auto x) { return raw(x) + '\0'; }),
        ours.token(
          "ES256",
          [](auto x) { return raw(x).substr(32) + raw(x).substr(0, 32); }),
        ours.token("ES256", [](auto) { return std::string(64, '\0'); }),
        ours.token("ES256", [](auto) { return std::string{}; })})
    CHECK_FALSE(holds_by(es256, ours.pem(), bad));
}

TEST_CASE("a key of another kind than the algorithm's checks nothing",
          "[jwt]") {
  using enum token_algorithm;
  signer rsa{EVP_RSA_gen(2048)};
  signer ec{EVP_EC_gen("P-256")};
  CHECK_FALSE(holds_by(rs256, ec.pem(), ec.token("RS256", as_it_is)));
  CHECK_FALSE(holds_by(rs256, ec.pem(), ec.token("RS256", raw)));
  CHECK_FALSE(holds_by(es256, rsa.pem(), rsa.token("ES256", as_it_is)));
  CHECK_FALSE(holds_by(none, rsa.pem(), rsa.token("none", as_it_is)));
  CHECK_FALSE(holds_by(none, secret, rsa.token("", as_it_is)));
}

TEST_CASE("what OpenSSL has against a token waits for nobody", "[jwt]") {
  using enum token_algorithm;
  signer rsa{EVP_RSA_gen(2048)};
  signer ec{EVP_EC_gen("P-256")};
  ERR_clear_error();
  CHECK_FALSE(holds_by(rs256, rsa.pem(),
                       rsa.token("RS256", [](auto x) { return x.substr(1); })));
  CHECK(ERR_peek_error() == 0);
  CHECK_FALSE(holds_by(es256, ec.pem(), ec.token("ES256", [](auto x) {
    return raw(x).substr(32) + raw(x).substr(0, 32);
  })));
  CHECK(ERR_peek_error() == 0);
  CHECK_FALSE(read_public_key("-----BEGIN PUBLIC KEY-----\nx\n"));
  CHECK(ERR_peek_error() == 0);
}

TEST_CASE("checking signatures takes no memory for long", "[jwt]") {
  signer ours{EVP_EC_gen("P-256")};
  jwt_verifier judge{token_algorithm::es256, ours.pem()};
  auto good = ours.token("ES256", raw);
  auto held = [&] {
    for (int i = 0; i < 1000; ++i)
      judge.verify(good, now);
    return mallinfo2().uordblks;
  };
  auto before = held();
  CHECK(held() < before + 10'000);
}
