// SPDX-License-Identifier: MIT
#include "cluster/etcd/tls.hpp"

#include <utility>

namespace parlor::etcd {

namespace ssl = boost::asio::ssl;
using boost::system::error_code;

std::variant<std::unique_ptr<ssl::context>, std::string>
make_tls(const tls_files& files) {
  auto result = std::make_unique<ssl::context>(ssl::context::tls_client);
  result->set_options(ssl::context::default_workarounds | ssl::context::no_tlsv1
                      | ssl::context::no_tlsv1_1);
  result->set_verify_mode(ssl::verify_peer);
  error_code error;
  auto wrong = [&](const std::string& file) {
    return file + ": " + error.message();
  };
  if (files.ca.empty())
    result->set_default_verify_paths(error);
  else
    result->load_verify_file(files.ca, error);
  if (error)
    return wrong(files.ca);
  if (files.certificate.empty())
    return result;
  result->use_certificate_chain_file(files.certificate, error);
  if (error)
    return wrong(files.certificate);
  result->use_private_key_file(files.key, ssl::context::pem, error);
  if (error)
    return wrong(files.key);
  return result;
}

} // namespace parlor::etcd
