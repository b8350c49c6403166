// SPDX-License-Identifier: MIT
#pragma once

#include "messages/fwd.hpp"
#include "messages/limits.hpp"
#include "messages/ports.hpp"

#include <caf/allowed_unsafe_message_type.hpp>

#include <cstdint>
#include <memory>
#include <string>

namespace parlor {

/// What an HTTP request asks for (PROTOCOL §5).
enum class api_call : uint8_t {
  connections,
  connections_detail,
  stats,
  rooms,
  room,
  users,
  user,
  kick_connection,
  kick_user,
  publish,
  send,
  broadcast,
  disconnect,
  health_live,
  health_ready,
  metrics,
};

/// One HTTP request whose caller was found entitled to it. Never leaves the
/// process.
struct api_request {
  api_call call = api_call::health_live;
  /// The room, user or connection of the path, decoded.
  std::string subject;
  /// Where a page begins: behind this name or id; empty is the beginning.
  std::string after;
  uint64_t limit = default_page;
  /// Of the header Idempotency-Key, as it was sent; empty where there is none.
  std::string key;
  std::string body;
  std::shared_ptr<api_answerer> reply;
};

} // namespace parlor

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(parlor::api_request)
