// SPDX-License-Identifier: MIT
#pragma once

#include "app/cluster_settings.hpp"
#include "auth/algorithm.hpp"
#include "messages/dialect.hpp"
#include "messages/limits.hpp"
#include "messages/token.hpp"
#include "telemetry/log.hpp"
#include "transport/tls_identity.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace parlor {

/// The configuration (PROTOCOL §7), checked: every value is in its range.
struct settings {
  /// An IP address.
  std::string host = "127.0.0.1";
  /// 0 lets the system choose.
  uint16_t port = 8080;
  /// I/O threads; 0 is the number of cores.
  size_t threads = 0;
  /// Lets the service listen on a public address without authentication.
  bool insecure = false;
  /// Addresses and networks whose X-Forwarded-For is believed.
  std::vector<std::string> trusted_proxies;
  /// Files in PEM; both empty where there is no TLS.
  std::string certificate_file;
  std::string certificate_key_file;
  /// What is in them; nullptr where there is no TLS.
  std::shared_ptr<const transport::tls_identity> tls;
  /// `limits.max_connections` is 0 where the descriptors decide:
  /// connections_by_descriptors() in app/options_system.hpp.
  parlor::limits limits;
  /// Empty is the same origin, "*" is all.
  std::vector<std::string> origins;
  /// How clients' tokens are signed; `none` asks for no token.
  token_algorithm algorithm = token_algorithm::none;
  std::string key_file;
  /// The secret or the public key in that file.
  std::string key;
  /// What clients' tokens have to say of their issuer and audience.
  parlor::token_rules token_rules;
  std::string admin_token_file;
  /// What is in that file; empty where there is none.
  std::string admin_token;
  /// Where /admin, /api, /debug and /metrics are, and on no other port; none where
  /// they are on the port of all. The address is empty where none was named.
  std::string admin_host;
  std::optional<uint16_t> admin_port;
  /// Whom the HTTP API speaks as where it names nobody.
  std::string api_sender = "server";
  /// What /ws speaks when the client chooses nothing.
  dialect ws_dialect = dialect::typed;
  /// Whether permessage-deflate is agreed to where a client offers it.
  bool compression = false;
  /// Whether /echo says back what it is told.
  bool echo = false;
  /// For how long a node that stops goes on accepting, as long as it has clients.
  std::chrono::nanoseconds drain_notice = std::chrono::seconds{5};
  /// How long the clients of a node that stops have for leaving.
  std::chrono::nanoseconds drain_timeout = std::chrono::seconds{30};
  log::options log;
  cluster_settings cluster;

  /// The address of `admin_port`: without one, this machine's alone.
  std::string admin_address() const {
    return admin_host.empty() ? "127.0.0.1" : admin_host;
  }
};

/// Instead of a start: something to print, on stdout where the code is 0, else
/// on stderr. Ends with a newline.
struct early_exit {
  int code = 0;
  std::string text;
};

using parsed = std::variant<settings, early_exit>;

/// Understands a command line without the program's name, and the file that it
/// names; the command line wins. Reads that file, those of keys, of the
/// certificate and of the admin token, prints nothing.
parsed parse(const std::vector<std::string>& args);

parsed parse(int argc, const char* const* argv);

} // namespace parlor
