// SPDX-License-Identifier: MIT
#include "auth/token_key.hpp"

#include "tests/support/catch.hpp"

#include <memory>

#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

using namespace parlor;
using enum token_algorithm;

namespace {

struct pem_pair {
  std::string open;
  std::string secret;
};

std::string written(EVP_PKEY* key, bool secret) {
  std::unique_ptr<BIO, decltype(&BIO_free)> to{BIO_new(BIO_s_mem()), BIO_free};
  if (secret)
    PEM_write_bio_PrivateKey(to.get(), key, nullptr, nullptr, 0, nullptr,
                             nullptr);
  else
    PEM_write_bio_PUBKEY(to.get(), key);
  char* data = nullptr;
  auto size = BIO_get_mem_data(to.get(), &data);
  return {data, static_cast<size_t>(size)};
}

pem_pair pems_of(EVP_PKEY* key) {
  REQUIRE(key != nullptr);
  pem_pair result{written(key, false), written(key, true)};
  EVP_PKEY_free(key);
  return result;
}

} // namespace

TEST_CASE("a secret has 32 bytes", "[key]") {
  CHECK(complaint_of_key(hs256, std::string(32, 'x')).empty());
  CHECK(complaint_of_key(hs256, std::string(32, '\0')).empty());
  CHECK_FALSE(complaint_of_key(hs256, std::string(31, 'x')).empty());
  CHECK_FALSE(complaint_of_key(hs256, std::string(31, 'x') + '\n').empty());
  CHECK_FALSE(complaint_of_key(hs256, "").empty());
}

TEST_CASE("the line break of an editor is not the secret's", "[key]") {
  CHECK(key_of(hs256, "some text\n") == "some text");
  CHECK(key_of(hs256, "some text\r\n") == "some text");
  CHECK(key_of(hs256, "some text\n\n") == "some text\n\n");
  CHECK(key_of(hs256, " some text ") == " some text ");
  CHECK(key_of(hs256, "\x01some bytes\n") == "\x01some bytes\n");
  CHECK(key_of(hs256, "some text\r") == "some text\r");
  CHECK(key_of(hs256, "some text") == "some text");
  CHECK(key_of(hs256, "some\x7Ftext\n") == "some\x7Ftext\n");
  CHECK(key_of(hs256, "some\ttext\n") == "some\ttext\n");
  CHECK(key_of(hs256, "~ !\n") == "~ !");
  CHECK(key_of(hs256, "\n").empty());
  CHECK(key_of(rs256, "pem\n") == "pem\n");
}

TEST_CASE("a public key is of the algorithm's kind and strength", "[key]") {
  auto strong = pems_of(EVP_RSA_gen(2048));
  auto weak = pems_of(EVP_RSA_gen(1024));
  auto p256 = pems_of(EVP_EC_gen("P-256"));
  auto p384 = pems_of(EVP_EC_gen("P-384"));
  CHECK(complaint_of_key(rs256, strong.open).empty());
  CHECK(complaint_of_key(es256, p256.open).empty());
  for (auto& wrong : {weak, p256})
    CHECK(complaint_of_key(rs256, wrong.open)
          == "must hold an RSA key of 2048 bits or more");
  for (auto& wrong : {strong, p384})
    CHECK(complaint_of_key(es256, wrong.open)
          == "must hold an EC key on P-256");
  for (auto& wrong : {strong.secret, p256.secret, std::string{"x"},
                      std::string{}, strong.open.substr(0, 100)})
    for (auto algorithm : {rs256, es256})
      CHECK(complaint_of_key(algorithm, wrong)
            == "must hold a public key in PEM");
}

TEST_CASE("no part of a key's file is ignored", "[key]") {
  auto one = pems_of(EVP_EC_gen("P-256")).open;
  auto other = pems_of(EVP_EC_gen("P-256"));
  CHECK(complaint_of_key(es256, "\n" + one + "\r\n ").empty());
  for (auto& content : {one + other.open, one + other.secret, "# ours\n" + one,
                        one + "x", other.secret + one, one + "-----BEGIN ",
                        one.substr(0, one.size() - 1) + " x\n", one + "-",
                        "x" + one, "-" + one})
    CHECK_FALSE(complaint_of_key(es256, content).empty());
}

TEST_CASE("a key in PEM is no secret", "[key]") {
  CHECK(complaint_of_key(hs256, pems_of(EVP_EC_gen("P-256")).open)
        == "holds PEM, but HS256 takes a secret as it is");
}
