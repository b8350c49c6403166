// SPDX-License-Identifier: MIT
#pragma once

#include "messages/dialect.hpp"
#include "messages/handles.hpp"
#include "messages/handshake.hpp"
#include "messages/limits.hpp"
#include "messages/ports.hpp"
#include "transport/forwarded.hpp"
#include "transport/origin_pattern.hpp"
#include "transport/pages.hpp"
#include "transport/tls_identity.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace parlor::transport {

/// What the sockets of all I/O threads have in common. Each thread has a copy of
/// its own, so that no lock is needed.
struct io_options {
  parlor::limits limits;
  /// Who may connect from a browser: empty is the same origin.
  std::vector<origin_pattern> origins;
  /// Whom the HTTP API speaks as: no client is called so.
  std::string api_sender = "server";
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
  /// Whose X-Forwarded-For is believed.
  std::vector<network> trusted_proxies;
  /// What ids of connections begin with: by chance in a cluster, where they have
  /// to differ from those of other nodes.
  uint32_t first_generation = 1;
  /// By which TLS is spoken; plain where it is nullptr.
  std::shared_ptr<const tls_identity> tls;
};

/// Where the inspector is reached, in a build that has one. Thread-safe.
struct inspection_port {
  /// Its page.
  std::span<const page> pages;
  /// Answers a GET below /debug, whose target this is.
  std::function<void(std::string, std::shared_ptr<api_answerer>)> ask;
  /// Starts the actor of a WebSocket at /debug/live, like `callbacks::open`.
  std::function<connection_actor(const handshake&)> view;
};

/// Where the sockets of one I/O thread turn to.
struct callbacks {
  /// Starts the actor of a new connection. Called on the I/O thread, after the
  /// handshake's answer is on its way; may use the outboxes at once.
  std::function<connection_actor(const handshake&)> open;
  admin_actor admin;
  /// Null where there is no inspector.
  std::shared_ptr<const inspection_port> inspection = nullptr;
};

} // namespace parlor::transport
