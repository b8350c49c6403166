// SPDX-License-Identifier: MIT
#pragma once

#include "messages/dialect.hpp"
#include "messages/handles.hpp"
#include "messages/handshake.hpp"
#include "messages/limits.hpp"

#include <cstddef>
#include <functional>
#include <limits>
#include <string>
#include <vector>

namespace parlor::transport {

/// What the sockets of all I/O threads have in common. Immutable while any of
/// them lives, so shared without a lock.
struct io_options {
  parlor::limits limits;
  /// Who may connect from a browser: empty is the same origin, "*" is all.
  std::vector<std::string> origins;
  /// Bearer of /admin, /api, /debug and /metrics; empty lets loopback callers in.
  std::string admin_token;
  /// What /ws speaks when the client chooses nothing.
  dialect ws_dialect = dialect::typed;
  /// Whether clients have to show who they are, and may do so in the upgrade.
  bool tokens = false;
  /// Whether permessage-deflate is agreed to where a client offers it.
  bool compression = false;
  /// Whether there is /echo.
  bool echo = false;
  /// What the outboxes of one thread may hold together for clients that do not
  /// read.
  size_t outboxes_bytes = std::numeric_limits<size_t>::max();
};

/// Where the sockets of one I/O thread turn to.
struct callbacks {
  /// Starts the actor of a new connection. Called on the I/O thread, after the
  /// handshake's answer is on its way; may use the outboxes at once.
  std::function<connection_actor(const handshake&)> open;
  admin_actor admin;
};

} // namespace parlor::transport
