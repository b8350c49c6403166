// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>

namespace parlor::bench::wsload {

enum class phase : uint8_t { unused, connecting, upgrading, open, dead };

/// The publisher number of a client that publishes nothing.
inline constexpr uint32_t no_publisher = 0xffffffff;

/// One connection, which may be opened again when it is dead.
struct client {
  int fd = -1;
  phase state = phase::unused;
  /// Open, and has seen the ready marker where there is one.
  bool ready = false;
  /// epoll watches for EPOLLOUT too.
  bool wants_write = false;
  /// Bit i: rule i was used.
  uint8_t rules_used = 0;
  /// Where the last delivery had its marker; the next one is likely the same.
  uint16_t marker_at = 0;
  /// Index of this client; its {id} less --id-base.
  uint32_t id = 0;
  uint32_t room = 0;
  /// Its number as a publisher.
  uint32_t publisher = no_publisher;
  /// The next number that it publishes.
  uint32_t seq = 0;
  /// The client at the other end of private messages.
  uint32_t peer = 0;
  /// Own messages that came back in this read.
  uint32_t returned = 0;
  /// Deliveries since it was opened.
  uint32_t received = 0;
  /// Churn: its messages of this cycle are out.
  bool published = false;
  /// When it was opened, ns.
  uint64_t started_at = 0;
  /// A frame, or an answer to the upgrade, of which bytes are missing.
  std::string partial;
  /// What the kernel did not take.
  std::string unsent;
};

} // namespace parlor::bench::wsload
