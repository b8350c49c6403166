// SPDX-License-Identifier: MIT
#include "transport/tls_identity.hpp"

#include "tests/support/catch.hpp"
#include "tests/transport/tls_client.hpp"

#include <openssl/evp.h>
#include <openssl/pem.h>

using namespace parlor::test;
using parlor::transport::tls_identity;
using parlor::transport::tls_problem;
using part = tls_problem::part;

namespace {

std::shared_ptr<const tls_identity> made(const test_certificate& from) {
  return std::get<0>(tls_identity::make(from.certificate, from.key));
}

tls_problem problem(std::string_view certificate, std::string_view key) {
  return std::get<tls_problem>(tls_identity::make(certificate, key));
}

/// The same key behind a passphrase.
std::string encrypted(const std::string& key) {
  auto* from = BIO_new_mem_buf(key.data(), int(key.size()));
  auto* parsed = PEM_read_bio_PrivateKey(from, nullptr, nullptr, nullptr);
  auto* into = BIO_new(BIO_s_mem());
  PEM_write_bio_PKCS8PrivateKey(into, parsed, EVP_aes_128_cbc(), "secret", 6,
                                nullptr, nullptr);
  char* data = nullptr;
  auto size = BIO_get_mem_data(into, &data);
  std::string result(data, size_t(size));
  BIO_free(from);
  BIO_free(into);
  EVP_PKEY_free(parsed);
  return result;
}

} // namespace

TEST_CASE("a certificate with its key is an identity", "[tls]") {
  auto own = make_certificate();
  CHECK(made(own)->context() != nullptr);
  CHECK(made(own)->files().lasts()->holds(std::chrono::system_clock::now()));
}

TEST_CASE("a chain may stand behind the certificate", "[tls]") {
  auto own = make_certificate();
  auto other = make_certificate("voucher");
  CHECK(made({own.certificate + "words\n" + other.certificate, own.key}));
}

TEST_CASE("a certificate that ended is known as such", "[tls]") {
  auto old = made(make_certificate("localhost", -1));
  CHECK_FALSE(old->files().lasts()->holds(std::chrono::system_clock::now()));
}

TEST_CASE("what is wrong with a certificate is told", "[tls]") {
  auto own = make_certificate();
  for (auto* text : {"", "nonsense"}) {
    auto empty = problem(text, own.key);
    CHECK(empty.of == part::certificate);
    CHECK(empty.what == "holds no certificate in PEM");
  }
  CHECK(problem(own.key, own.key).of == part::certificate);
  auto cut = own.certificate.substr(0, own.certificate.size() / 2);
  CHECK(problem(cut, own.key).what.starts_with("cannot be understood: "));
  auto wrong = own.certificate;
  wrong.replace(wrong.find('\n') + 1, 40, std::string(40, 'A'));
  CHECK(problem(wrong, own.key).what.starts_with("cannot be understood: "));
  auto chain = problem(own.certificate + cut, own.key);
  CHECK(chain.of == part::certificate);
  CHECK(chain.what.starts_with("cannot be understood: "));
}

TEST_CASE("what is wrong with a key is told", "[tls]") {
  auto own = make_certificate();
  for (auto* text : {"", "nonsense"}) {
    auto empty = problem(own.certificate, text);
    CHECK(empty.of == part::key);
    CHECK(empty.what == "holds no private key in PEM");
  }
  auto foreign = problem(own.certificate, make_certificate().key);
  CHECK(foreign.of == part::key);
  CHECK(foreign.what == "is not the key of tls.certificate");
  auto locked = problem(own.certificate, encrypted(own.key));
  CHECK(locked.of == part::key);
  CHECK(locked.what == "is encrypted: it is read without a passphrase");
  auto cut = own.key.substr(0, own.key.size() / 2);
  CHECK(problem(own.certificate, cut).of == part::key);
}
