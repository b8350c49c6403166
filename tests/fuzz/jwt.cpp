// SPDX-License-Identifier: MIT
#include "auth/jwt_verifier.hpp"
#include "messages/wire/claims.hpp"
#include "messages/wire/names.hpp"
#include "tests/fuzz/fuzz.hpp"
#include "tests/fuzz/second_opinion.hpp"
#include "tests/support/signed_token.hpp"

#include <string>

// Tokens: the input is one as it is, or header and payload, in two lines, of
// one that is signed here.
namespace parlor::fuzz {

namespace {

using std::chrono::system_clock;
using namespace test;

const std::string secret = "0123456789abcdef0123456789abcdef";

const std::string rsa_key = R"(-----BEGIN PUBLIC KEY-----
MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAhtAYpdSruILNHH3WYKbK
15mMFlPeuXs37Nkij8lT5gpTOWhV56cAR6DeBvUPZX1Q70n40XSeqqG6VFbtqu4H
w7cwcrCCgU+u1n8cp8cpms987vpj6qUabdbQeGrqtehbTd9hWUYufNlFMMsyOAwN
h1o96k9KG+pBZSVmyDqvulP5qbXC25ihi/96wVIy+FYrUjOOAJyZB2PO6///v6cB
RrdOwktVMUshiD7ts9tj4fTe+nm9pxs2CrRr3MfKlKsqMJyH7aRLJ0cqHDuNvv9K
kAPGTTRwRP/INuJbD4wo9UuT5tagMXhN2JKO1l9qJKg+Mz84nWJNRaJqLt5S7k5Y
TwIDAQAB
-----END PUBLIC KEY-----
)";

const std::string ec_key = R"(-----BEGIN PUBLIC KEY-----
MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEXwI41AtdQyMNhvgIgXaEcmtSW7Tc
3E7wMRtFgGNo/spJANsl0W0cb4R/Xn/tRuHNIvnNi02VfCVele4zPAl71Q==
-----END PUBLIC KEY-----
)";

const jwt_verifier by_secret{token_algorithm::hs256, secret};
const jwt_verifier by_rsa{token_algorithm::rs256, rsa_key};
const jwt_verifier by_ec{token_algorithm::es256, ec_key};

const system_clock::time_point now{std::chrono::seconds{1'900'000'000}};

bool holds(const jwt_verifier& by, const std::string& token) {
  auto result = by.verify(token, now);
  auto* no = std::get_if<token_refusal>(&result);
  require(!no || !no->reason.empty(), "a refusal has no reason");
  return !no;
}

/// Whether a header says that it is signed as it is, and nothing that would
/// have to be understood.
bool is_ours(std::string_view header) {
  auto x = opinion_of(header).value;
  return x && x->is_object() && x->contains("alg") && (*x)["alg"].is_string()
         && (*x)["alg"] == "HS256" && !x->contains("crit");
}

bool same(const claims& x, const claims& y) {
  auto apart = x.expires && y.expires ? *x.expires - *y.expires
                                      : system_clock::duration{0};
  return x.user == y.user && x.expires.has_value() == y.expires.has_value()
         && apart < std::chrono::microseconds{1}
         && apart > std::chrono::microseconds{-1}
         && x.may.publish == y.may.publish && x.may.rooms == y.may.rooms;
}

/// What every payload keeps to that is good, read by nobody but nlohmann.
void check_claims(const claims& x, std::string_view payload) {
  auto said = opinion_of(payload).value;
  require(said && said->is_object() && (*said)["sub"] == x.user.str(),
          "somebody is somebody else");
  require(wire::valid_name(x.user.str()), "a user has no name");
  require(said->contains("exp") == x.expires.has_value(),
          "a token's end is lost");
  require(!x.expires || *x.expires > now, "an expired token holds");
  require(x.may.publish == (said->value("publish", true)),
          "somebody may publish, or may not");
  require(said->contains("rooms") ? x.may.rooms
                                      && (*said)["rooms"] == json(*x.may.rooms)
                                  : !x.may.rooms,
          "somebody may join other rooms");
}

void check_signed(std::string_view header, std::string_view payload) {
  auto text = base64url(header) + '.' + base64url(payload);
  auto token = signed_by(secret, text);
  auto result = by_secret.verify(token, now);
  if (auto* good = std::get_if<claims>(&result)) {
    require(is_ours(header), "a token holds that is signed otherwise");
    if (comparable(payload)) {
      auto direct = wire::decode_claims(payload, now);
      require(std::holds_alternative<claims>(direct)
                && same(*good, std::get<claims>(direct)),
              "a token says something else than its payload");
      check_claims(*good, payload);
    }
    // One byte of the signature is another.
    token[text.size() + 1] = token[text.size() + 1] == 'A' ? 'B' : 'A';
    require(!holds(by_secret, token), "a forged token holds");
  }
  require(!holds(by_secret, text + '.'), "an unsigned token holds");
  require(!holds(by_rsa, text + '.') && !holds(by_ec, text + '.'),
          "an unsigned token holds where keys are public");
  require(!holds(by_rsa, signed_by(rsa_key, text)),
          "a public key of RSA is taken for a secret");
  require(!holds(by_ec, signed_by(ec_key, text)),
          "a public key on P-256 is taken for a secret");
}

void check_plain(const std::string& token) {
  require(!holds(by_rsa, token) && !holds(by_ec, token),
          "a forged token holds where keys are public");
  if (!holds(by_secret, token))
    return;
  auto dot = token.rfind('.');
  require(dot != std::string::npos
            && token.substr(dot + 1)
                 == signature_of(token.substr(0, dot), secret),
          "a forged token holds");
}

} // namespace

} // namespace parlor::fuzz

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace parlor::fuzz;
  auto text = text_of(data, size);
  auto line = text.find('\n');
  if (line == text.npos)
    check_plain(std::string{text});
  else
    check_signed(text.substr(0, line), text.substr(line + 1));
  return 0;
}
