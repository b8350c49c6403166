// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

/// Every limit between nodes; those towards clients are in messages/limits.hpp.
namespace parlor::cluster {

/// Frames that one link has under way before their receiver has taken one.
inline constexpr uint64_t link_window = 64;

/// Frames that are taken before their sender is told: few enough for it never to
/// wait for that.
inline constexpr uint64_t frames_per_ack = 16;

/// Of one frame: envelopes, and bytes of their bodies. CAF counts a peer as alive
/// when a whole frame has come: this many bytes have to come in
/// `heartbeat_timeout`, which 132 kbit/s are enough for.
inline constexpr size_t frame_envelopes = 1000;
inline constexpr size_t frame_bytes = 32 << 10;

/// What may wait in one link, under way included, before more is refused: the
/// last envelope may go beyond the bytes, so that none is refused for ever.
inline constexpr size_t link_envelopes = 100'000;
inline constexpr size_t link_bytes = 64 << 20;

/// Of one envelope. No limit of messages/limits.hpp allows for one that is larger.
inline constexpr size_t largest_envelope = 1 << 30;

/// Strangers in their TLS handshake; one more ends the oldest.
inline constexpr size_t strangers = 256;

/// How long a TLS handshake may take, and a connect.
inline constexpr std::chrono::milliseconds handshake_patience{3000};
inline constexpr std::chrono::milliseconds connect_patience{1000};

/// Names that are looked up at a time.
inline constexpr size_t most_look_ups = 16;

/// Names whose last addresses are kept; as many nodes and endpoints as there are.
inline constexpr size_t most_names = 1000;

/// Until a node that was reached has said who it is.
inline constexpr std::chrono::milliseconds opening_patience{3000};

/// Until it is said that a member of the view cannot be linked to.
inline constexpr std::chrono::milliseconds link_patience{3000};

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
