// SPDX-License-Identifier: MIT
#pragma once

#include "messages/view.hpp"

namespace parlor::etcd {

/// Whether a node that comes in again should wait for others: everyone whom it
/// had seen has been out since, so nobody who is in knows for sure what was
/// confirmed last, and not as many as there were have come back. Pure.
bool is_remnant(const view& now, const view& before);

} // namespace parlor::etcd
