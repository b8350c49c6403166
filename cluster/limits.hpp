// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

/// Every limit between nodes; those towards clients are in messages/limits.hpp.
namespace parlor::cluster {

/// Frames that one link has under way before their receiver has taken one.
inline constexpr uint64_t link_window = 64;

/// Of one frame: envelopes, and bytes of their bodies unless it has only one.
inline constexpr size_t frame_envelopes = 1000;
inline constexpr size_t frame_bytes = 256 << 10;

/// What may wait in one link, under way included; more is refused.
inline constexpr size_t link_envelopes = 100'000;
inline constexpr size_t link_bytes = 64 << 20;

/// Strangers in their TLS handshake; one more ends the oldest.
inline constexpr size_t strangers = 256;

/// How long a TLS handshake may take, and a connect.
inline constexpr std::chrono::milliseconds handshake_patience{3000};
inline constexpr std::chrono::milliseconds connect_patience{1000};

/// Until a node that was reached has said who it is.
inline constexpr std::chrono::milliseconds opening_patience{3000};

/// Between two attempts to reach a node.
inline constexpr std::chrono::milliseconds redial_pause{250};

/// A peer that is silent for so long is down. All nodes need the same.
inline constexpr std::chrono::milliseconds heartbeat_interval{500};
inline constexpr std::chrono::milliseconds heartbeat_timeout{2000};

/// How often a lost node's address is tried, and how often in a row it has to
/// refuse before its process is taken for dead.
inline constexpr int probes = 10;
inline constexpr int refusals_of_the_dead = 2;
inline constexpr std::chrono::milliseconds probe_pause{10};

/// A refusal's reason, in bytes.
inline constexpr size_t max_reason_bytes = 200;

} // namespace parlor::cluster
