// SPDX-License-Identifier: MIT
#include "cluster/links/memory_tls.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/test_certificate.hpp"

#include <algorithm>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <openssl/pem.h>
#include <openssl/ssl.h>

namespace {

using namespace parlor;
using namespace parlor::cluster;

using connection = std::unique_ptr<SSL, ssl_closer>;

/// Both ends of a connection behind its handshake.
struct ends {
  ends() {
    std::unique_ptr<SSL_CTX, void (*)(SSL_CTX*)> context{
      SSL_CTX_new(TLS_method()), SSL_CTX_free};
    SSL_CTX_set_min_proto_version(context.get(), TLS1_3_VERSION);
    std::unique_ptr<BIO, int (*)(BIO*)> pem{
      BIO_new_mem_buf(test::certificate_pem, -1), BIO_free};
    std::unique_ptr<X509, void (*)(X509*)> certificate{
      PEM_read_bio_X509(pem.get(), nullptr, nullptr, nullptr), X509_free};
    pem.reset(BIO_new_mem_buf(test::certificate_key_pem, -1));
    std::unique_ptr<EVP_PKEY, void (*)(EVP_PKEY*)> key{
      PEM_read_bio_PrivateKey(pem.get(), nullptr, nullptr, nullptr),
      EVP_PKEY_free};
    REQUIRE(SSL_CTX_use_certificate(context.get(), certificate.get()) == 1);
    REQUIRE(SSL_CTX_use_PrivateKey(context.get(), key.get()) == 1);
    connection server{SSL_new(context.get())};
    connection client{SSL_new(context.get())};
    BIO* at_server = nullptr;
    BIO* at_client = nullptr;
    REQUIRE(BIO_new_bio_pair(&at_server, 0, &at_client, 0) == 1);
    SSL_set_bio(server.get(), at_server, at_server);
    SSL_set_bio(client.get(), at_client, at_client);
    SSL_set_accept_state(server.get());
    SSL_set_connect_state(client.get());
    while (SSL_do_handshake(client.get()) != 1)
      SSL_do_handshake(server.get());
    REQUIRE(SSL_do_handshake(server.get()) == 1);
    // What comes behind the handshake is still in a socket; but not in these.
    char nothing = 0;
    REQUIRE(SSL_read(client.get(), &nothing, 1) < 0);
    accepted = std::make_unique<memory_tls>(std::move(server));
    dialed = std::make_unique<memory_tls>(std::move(client));
  }

  std::unique_ptr<memory_tls> accepted;
  std::unique_ptr<memory_tls> dialed;
};

std::string_view view_of(const std::vector<char>& x) {
  return {x.data(), x.size()};
}

} // namespace

TEST_CASE("what is sealed is opened, however its bytes are split") {
  ends x;
  std::vector<char> sealed;
  x.dialed->seal("one", sealed);
  x.dialed->seal("two", sealed);
  for (size_t size : {size_t{1}, size_t{2}, size_t{7}, sealed.size()}) {
    ends y;
    sealed.clear();
    y.dialed->seal("one", sealed);
    y.dialed->seal("two", sealed);
    std::vector<char> opened;
    auto all = view_of(sealed);
    for (size_t at = 0; at < all.size(); at += size)
      REQUIRE(y.accepted->open(all.substr(at, size), opened));
    CHECK(view_of(opened) == "onetwo");
  }
}

TEST_CASE("what is larger than a record is sealed whole") {
  ends x;
  std::string large(100'000, 'x');
  std::vector<char> sealed;
  x.accepted->seal(large, sealed);
  CHECK(sealed.size() > large.size());
  std::vector<char> opened;
  REQUIRE(x.dialed->open(view_of(sealed), opened));
  CHECK(view_of(opened) == large);
}

TEST_CASE("bytes that were changed end TLS, with the reason") {
  ends x;
  std::vector<char> sealed;
  x.dialed->seal("one", sealed);
  sealed.back() = static_cast<char>(sealed.back() ^ 1);
  std::vector<char> opened;
  CHECK_FALSE(x.accepted->open(view_of(sealed), opened));
  CHECK(opened.empty());
  CHECK_FALSE(x.accepted->problem().empty());
  // It has something to say of that.
  CHECK(x.accepted->has_to_say());
  std::vector<char> alert;
  x.accepted->seal({}, alert);
  CHECK_FALSE(alert.empty());
  CHECK_FALSE(x.accepted->has_to_say());
  CHECK_FALSE(x.dialed->open(view_of(alert), opened));
  CHECK_FALSE(x.dialed->problem().empty());
}

TEST_CASE("nothing to open is no end") {
  ends x;
  std::vector<char> opened;
  CHECK(x.accepted->open({}, opened));
  CHECK(opened.empty());
}
