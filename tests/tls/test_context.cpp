// SPDX-License-Identifier: MIT
#include "tls/context.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/test_certificate.hpp"
#include "tls/slot.hpp"

#include <openssl/ssl.h>

#include <string>

namespace {

using namespace parlor::tls;
using namespace parlor::test;
using part = problem::part;
using namespace std::chrono_literals;

context made() {
  context result{TLS_method()};
  CHECK_FALSE(result.take_authorities(certificate_pem));
  CHECK_FALSE(result.take_certificates(certificate_pem));
  CHECK_FALSE(result.take_key(certificate_key_pem, "certificate"));
  return result;
}

} // namespace

TEST_CASE("files of TLS tell until when they are good") {
  auto x = made();
  REQUIRE(x.lasts());
  CHECK(to_string(x.lasts()->from) == "Nov 21 11:48:41 2026 GMT");
  CHECK(to_string(x.lasts()->until) == "Oct 28 11:48:41 2126 GMT");
  CHECK(x.authorities_end() == x.lasts()->until);
  CHECK(x.lasts()->holds(x.lasts()->from));
  CHECK_FALSE(x.lasts()->holds(x.lasts()->from - 1s));
  CHECK(x.lasts()->holds(x.lasts()->until - 1s));
  CHECK_FALSE(x.lasts()->holds(x.lasts()->until));
}

TEST_CASE("what was not taken has no end") {
  context x{TLS_method()};
  CHECK_FALSE(x.lasts());
  CHECK_FALSE(x.authorities_end());
}

TEST_CASE("what is wrong with authorities is told") {
  for (std::string text : {"", "nonsense", certificate_key_pem}) {
    context x{TLS_method()};
    auto wrong = x.take_authorities(text);
    REQUIRE(wrong);
    CHECK(wrong->of == part::authority);
    CHECK(wrong->what == "holds no certificate in PEM");
  }
  context x{TLS_method()};
  std::string cut{certificate_pem, 300};
  CHECK(x.take_authorities(cut)->what.starts_with("cannot be understood: "));
  CHECK(x.take_authorities(certificate_pem + cut)
          ->what.starts_with("cannot be understood: "));
}

TEST_CASE("files that hold the same are the same") {
  auto one = made();
  auto other = made();
  CHECK(one.same_certificate(other));
  CHECK(one.same_authorities(other));
  std::string commented = "words\n" + std::string{certificate_pem};
  CHECK_FALSE(other.take_authorities(commented));
  CHECK_FALSE(one.same_authorities(other));
}

TEST_CASE("a slot gives what was put there last") {
  auto first = std::make_shared<const context>(made());
  auto second = std::make_shared<const context>(made());
  slot x{first};
  CHECK(x.get() == first);
  x.set(second);
  CHECK(x.get() == second);
}
