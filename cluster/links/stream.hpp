// SPDX-License-Identifier: MIT
#pragma once

#include "cluster/links/gate.hpp"

#include <caf/io/scribe.hpp>

namespace caf {
class actor_system;
} // namespace caf

namespace parlor::cluster {

/// Makes CAF's end of a connection out of a socket that the gate let through.
/// It is to be handed to the BASP broker of that system.
caf::io::scribe_ptr make_scribe(caf::actor_system& sys, trusted_socket& from);

} // namespace parlor::cluster
