// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

namespace parlor::cluster {

/// The newest version of what nodes say to each other over links and in etcd.
/// Both are append-only; a node does what the version of the other allows.
inline constexpr uint32_t wire_version = 2;

/// From this version on an envelope that is larger than a frame goes in pieces.
inline constexpr uint32_t takes_pieces = 2;

/// From this version on a node that seems to be dead is asked in etcd whether it
/// is, and answers.
inline constexpr uint32_t answers_challenges = 2;

} // namespace parlor::cluster
