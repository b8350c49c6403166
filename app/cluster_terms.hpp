// SPDX-License-Identifier: MIT
#pragma once

#include "app/settings.hpp"
#include "cluster/etcd/terms.hpp"

namespace parlor {

/// The settings that the nodes of a cluster compare when one comes in, with this
/// node's values (decision 0048): those by which one node would break what another
/// has promised keep it out, of the others a difference is told.
etcd::terms terms_of(const settings& x);

} // namespace parlor
