// SPDX-License-Identifier: MIT
#pragma once

#include "messages/handshake.hpp"
#include "transport/io_options.hpp"
#include "transport/permessage_deflate.hpp"
#include "transport/request_head.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace parlor::transport {

/// An upgrade request that was found good.
struct accepted_upgrade {
  /// All but `id`, `ip` and `connected_at`.
  handshake shake;
  /// The client's Sec-WebSocket-Key.
  std::string key;
  /// The dialect whose subprotocol is answered; none where none is.
  std::optional<dialect> answered;
  /// How messages are compressed; none where they are not.
  std::optional<deflate_terms> deflate;
  /// Messages go back as they come; `shake` names nobody.
  bool echo = false;
  /// It is for the inspector; `shake` names nobody.
  bool views = false;
};

/// Whether a request belongs to the WebSocket endpoints: by its path, or
/// because it asks for a WebSocket.
bool wants_websocket(const request_head& head);

/// Whether a path is where the inspector's viewers are: /debug/live.
bool is_view(std::string_view target);

/// Judges an upgrade request (PROTOCOL §1, §8.11). Pure but for the random
/// name of an anonymous user. `inspected` says whether there are viewers.
std::variant<accepted_upgrade, refusal> judge_upgrade(const request_head& head,
                                                      const io_options& options,
                                                      bool inspected = false);

} // namespace parlor::transport
