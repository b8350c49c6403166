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
/// has signed. Says which file is wrong instead.
std::variant<std::unique_ptr<SSL_CTX, context_closer>, std::string>
make_context(const gate_files& files);

/// What OpenSSL complained of last on this thread, which forgets it.
std::string tls_problem();

} // namespace parlor::cluster
