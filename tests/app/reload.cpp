// SPDX-License-Identifier: MIT
#include "app/reload.hpp"

#include "app/options.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/test_certificate.hpp"

#include <openssl/ssl.h>

#include <string>
#include <vector>

namespace {

using namespace parlor;
using namespace std::chrono_literals;
using keys = std::vector<std::string>;

auto identity() {
  return std::get<0>(transport::tls_identity::make(test::certificate_pem,
                                                   test::certificate_key_pem));
}

/// Of a cluster's node.
tls::context_ptr files_of_tls(const std::string& before = "") {
  auto result = std::make_shared<tls::context>(TLS_method());
  CHECK_FALSE(result->take_authorities(before + test::certificate_pem));
  CHECK_FALSE(result->take_certificates(before + test::certificate_pem));
  return result;
}

} // namespace

TEST_CASE("the same configuration changes nothing") {
  auto result = reloaded({}, {});
  CHECK(result.changed.empty());
  CHECK(result.waiting.empty());
}

TEST_CASE("what may change while the service runs does") {
  settings next;
  next.log.threshold = log::level::debug;
  next.trusted_proxies = {"10.0.0.1"};
  next.origins = {"https://a.example"};
  next.limits.outbox_bytes = 5000;
  next.limits.outbox_stall = 1s;
  next.limits.handshake_timeout = 2s;
  next.limits.http_idle = 3s;
  next.drain_notice = 2s;
  next.drain_timeout = 4s;
  auto result = reloaded({}, next);
  CHECK(result.changed
        == keys{"server.trusted-proxies", "limits.outbox-bytes",
                "limits.outbox-stall", "limits.handshake-timeout",
                "limits.http-idle", "origins.allow", "drain.notice",
                "drain.timeout", "log.level"});
  CHECK(result.waiting.empty());
  CHECK(result.effective.limits.outbox_stall == 1s);
  CHECK(result.effective.origins == next.origins);
}

TEST_CASE("everything else waits for a restart") {
  settings next;
  next.port = 1;
  next.limits.rooms = 1;
  next.log.style = log::format::json;
  auto result = reloaded({}, next);
  CHECK(result.changed.empty());
  CHECK(result.waiting == keys{"server.port", "limits.rooms", "log.format"});
  CHECK(result.effective.port == settings{}.port);
}

TEST_CASE("a file that has changed counts though its name has not") {
  settings now;
  now.admin_token = "one";
  now.key = "one";
  auto next = now;
  next.admin_token = "two";
  next.key = "two";
  auto result = reloaded(now, next);
  CHECK(result.changed == keys{"admin.token-file"});
  CHECK(result.waiting == keys{"auth.key-file"});
  CHECK(result.effective.admin_token == "two");
  CHECK(result.effective.key == "one");
}

TEST_CASE("TLS is neither switched on nor off, but its files may change") {
  settings plain;
  auto secure = plain;
  secure.tls = identity();
  secure.certificate_file = "/a";
  secure.certificate_key_file = "/b";
  for (auto on : {true, false}) {
    auto result = on ? reloaded(plain, secure) : reloaded(secure, plain);
    CHECK(result.changed.empty());
    CHECK(result.waiting == keys{"tls.certificate", "tls.key"});
    CHECK((result.effective.tls == nullptr) == on);
  }
  auto moved = secure;
  moved.certificate_file = "/c";
  auto result = reloaded(secure, moved);
  CHECK(result.changed == keys{"tls.certificate"});
  CHECK(result.waiting.empty());
}

TEST_CASE("files that hold what they held change nothing") {
  settings now;
  now.tls = identity();
  now.certificate_file = "/a";
  now.certificate_key_file = "/b";
  now.cluster.link_tls = now.cluster.etcd_tls = files_of_tls();
  now.cluster.ca_file = now.cluster.etcd_ca_file = "/c";
  auto next = now;
  next.tls = identity();
  next.cluster.link_tls = files_of_tls();
  next.cluster.etcd_tls = files_of_tls();
  auto result = reloaded(now, next);
  CHECK(result.changed.empty());
  CHECK(result.waiting.empty());
}

TEST_CASE("renewed files of nodes and etcd are taken over") {
  settings now;
  now.cluster.link_tls = now.cluster.etcd_tls = files_of_tls();
  now.cluster.ca_file = now.cluster.etcd_ca_file = "/c";
  auto next = now;
  next.cluster.link_tls = files_of_tls("renewed\n");
  next.cluster.etcd_tls = files_of_tls("renewed\n");
  next.cluster.etcd_ca_file = "/d";
  auto result = reloaded(now, next);
  CHECK(result.changed
        == keys{"cluster.etcd-ca-file", "openssl.cafile", "openssl.certificate",
                "cluster.etcd-certificate-file"});
  CHECK(result.waiting.empty());
  CHECK(result.effective.cluster.link_tls == next.cluster.link_tls);
  CHECK(result.effective.cluster.etcd_tls == next.cluster.etcd_tls);
  CHECK(result.effective.cluster.etcd_ca_file == "/d");
}

TEST_CASE("TLS to nodes and etcd is neither switched on nor off") {
  settings plain;
  auto secure = plain;
  secure.cluster.link_tls = secure.cluster.etcd_tls = files_of_tls();
  secure.cluster.ca_file = "/a";
  secure.cluster.etcd_ca_file = "/b";
  for (auto on : {true, false}) {
    auto result = on ? reloaded(plain, secure) : reloaded(secure, plain);
    CHECK(result.changed.empty());
    CHECK(result.waiting == keys{"openssl.cafile", "cluster.etcd-ca-file"});
    CHECK((result.effective.cluster.link_tls == nullptr) == on);
    CHECK((result.effective.cluster.etcd_tls == nullptr) == on);
  }
}

TEST_CASE("a reload never opens what was closed") {
  settings now;
  now.admin_token_file = "/etc/parlor/admin.token";
  now.admin_token = "one";
  auto result = reloaded(now, {});
  CHECK(result.changed.empty());
  CHECK(result.waiting == keys{"admin.token-file"});
  CHECK(result.effective.admin_token == "one");
  CHECK(result.effective.admin_token_file == now.admin_token_file);
  CHECK(reloaded({}, now).effective.admin_token == "one");
}
