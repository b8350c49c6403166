// SPDX-License-Identifier: MIT
#pragma once

#include "cluster/links/gate.hpp"

#include <memory>
#include <string>
#include <variant>

#include <openssl/types.h>

namespace parlor::cluster {

struct context_closer {
  void operator()(SSL_CTX* x) const noexcept;
};

/// For both ends: TLS 1.3 with certificates that this authority, and no other,
/// has signed. Says which file is wrong instead, as the node's own certificate
/// is where no other node of this authority would take it.
std::variant<std::unique_ptr<SSL_CTX, context_closer>, std::string>
make_context(const gate_files& files);

/// Where OpenSSL complained of nothing.
inline constexpr const char* no_tls_problem = "the connection ended";

/// What OpenSSL complained of last on this thread, which forgets it.
std::string tls_problem();

} // namespace parlor::cluster
