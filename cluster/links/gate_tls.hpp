// SPDX-License-Identifier: MIT
#pragma once

#include "tls/context.hpp"

#include <openssl/types.h>

#include <string>
#include <variant>

namespace parlor::cluster {

/// For both ends: TLS 1.3 with certificates that this authority, and no other,
/// has signed. Says what is wrong instead, as the node's own certificate is where
/// no other node of this authority would take it.
std::variant<tls::context_ptr, tls::problem>
make_context(const tls::texts& from);

/// Where OpenSSL complained of nothing.
inline constexpr const char* no_tls_problem = "the connection ended";

/// What was found wrong with the certificate of whoever is at the other end,
/// behind a colon; empty where nothing was.
std::string verdict_on_peer(SSL* of);

/// What OpenSSL complained of last on this thread, which forgets it.
std::string tls_problem();

} // namespace parlor::cluster
