// SPDX-License-Identifier: MIT
#include "cluster/etcd/tls.hpp"

#include <openssl/ssl.h>

#include <memory>
#include <new>
#include <optional>
#include <utility>

namespace parlor::etcd {

namespace {

std::optional<tls::problem> take(tls::context& into, const tls::texts& from) {
  using part = tls::problem::part;
  if (!from.authority) {
    if (SSL_CTX_set_default_verify_paths(into.get()) != 1)
      return tls::problem{part::authority, "is not there, nor the system's"};
  } else if (auto wrong = into.take_authorities(*from.authority)) {
    return wrong;
  }
  if (!from.certificate)
    return std::nullopt;
  if (auto wrong = into.take_certificates(*from.certificate))
    return wrong;
  if (auto wrong = into.take_key(from.key.value_or(""),
                                 "cluster.etcd-certificate-file"))
    return wrong;
  auto lasts = into.lasts();
  if (lasts && !lasts->holds(std::chrono::system_clock::now()))
    return tls::problem{part::certificate,
                        "is of no use: etcd would refuse it, for it is good "
                        "from "
                          + tls::to_string(lasts->from) + " to "
                          + tls::to_string(lasts->until)};
  return std::nullopt;
}

} // namespace

std::variant<tls::context_ptr, tls::problem> make_tls(const tls::texts& from) {
  tls::context result{TLS_client_method()};
  auto* x = result.get();
  if (SSL_CTX_set_min_proto_version(x, TLS1_2_VERSION) != 1)
    throw std::bad_alloc{};
  SSL_CTX_set_options(x, SSL_OP_NO_COMPRESSION);
  SSL_CTX_set_verify(x, SSL_VERIFY_PEER, nullptr);
  if (auto wrong = take(result, from))
    return *std::move(wrong);
  return std::make_shared<const tls::context>(std::move(result));
}

} // namespace parlor::etcd
