// SPDX-License-Identifier: MIT
#include "app/certificates.hpp"

#include "tests/app/temporary_file.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/test_certificate.hpp"

#include <openssl/ssl.h>

namespace {

using namespace parlor;
using namespace std::chrono_literals;
using lines = std::vector<std::string>;

tls::context_ptr context() {
  auto result = std::make_shared<tls::context>(TLS_method());
  CHECK_FALSE(result->take_authorities(test::certificate_pem));
  CHECK_FALSE(result->take_certificates(test::certificate_pem));
  return result;
}

lines keys_of(const settings& x) {
  lines result;
  for (const auto& one : certificates_of(x))
    result.push_back(one.key);
  return result;
}

} // namespace

TEST_CASE("a certificate is warned of 30 days before its end") {
  tls::validity x{{}, tls::validity::time_point{} + 1000 * 24h};
  CHECK(judge(x, x.until - 30 * 24h - 1s) == certificate_state::good);
  CHECK(judge(x, x.until - 30 * 24h) == certificate_state::ends_soon);
  CHECK(judge(x, x.until - 1s) == certificate_state::ends_soon);
  CHECK(judge(x, x.until) == certificate_state::out_of_date);
  CHECK(judge(x, x.from - 1s) == certificate_state::out_of_date);
}

TEST_CASE("certificates are those of the files that are named") {
  settings x;
  CHECK(keys_of(x).empty());
  x.cluster.link_tls = x.cluster.etcd_tls = context();
  x.cluster.ca_file = "/ca";
  x.cluster.certificate_file = "/crt";
  x.cluster.etcd_certificate_file = "/e.crt";
  CHECK(keys_of(x)
        == lines{"openssl.cafile", "openssl.certificate",
                 "cluster.etcd-certificate-file"});
  x.cluster.etcd_ca_file = "/e.ca";
  CHECK(keys_of(x).size() == 4);
}

TEST_CASE("there is an end for each option that may name a certificate") {
  auto none = certificate_ends({});
  CHECK(none.size() == 5);
  for (auto& [key, end] : none)
    CHECK(end == 0);
  auto some = certificate_ends(
    {{"openssl.cafile", "/ca", {{}, tls::validity::time_point{} + 7s}}});
  CHECK(some["openssl.cafile"] == 7);
  CHECK(some["tls.certificate"] == 0);
}

TEST_CASE("the certificate for clients is read with its key") {
  test::temporary_file certificate{test::certificate_pem};
  test::temporary_file key{test::certificate_key_pem};
  settings x;
  x.certificate_file = certificate.path();
  x.certificate_key_file = key.path();
  CHECK(read_certificates(x).empty());
  CHECK(keys_of(x) == lines{"tls.certificate"});
  x.certificate_key_file = "/nowhere";
  x.certificate_file = "/elsewhere";
  CHECK(read_certificates(x)
        == lines{"tls.certificate /elsewhere cannot be read",
                 "tls.key /nowhere cannot be read"});
}
