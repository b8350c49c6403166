// SPDX-License-Identifier: MIT
#pragma once

#include <boost/asio/ssl/context.hpp>

#include <memory>
#include <string>
#include <variant>

namespace parlor::etcd {

/// Files in PEM. Empty is none.
struct tls_files {
  /// Who may have signed etcd's certificate.
  std::string ca;
  /// This client's certificate with its chain, and its key: both or none.
  std::string certificate;
  std::string key;
};

/// A client's context: TLS 1.2 or later, and the server's certificate is
/// checked. Says which file is wrong instead.
std::variant<std::unique_ptr<boost::asio::ssl::context>, std::string>
make_tls(const tls_files& files);

} // namespace parlor::etcd
