// SPDX-License-Identifier: MIT
#pragma once

#include "tls/context.hpp"

#include <variant>

namespace parlor::etcd {

/// A client's context: TLS 1.2 or later, and the server's certificate is checked,
/// by the system's list where there is no authority. Without a certificate none is
/// shown. Says what is wrong instead, as a certificate is that etcd would refuse
/// now.
std::variant<tls::context_ptr, tls::problem> make_tls(const tls::texts& from);

} // namespace parlor::etcd
