// SPDX-License-Identifier: MIT
#pragma once

#include "transport/outbox_stream.hpp"
#include "transport/ws_session.hpp"

#include <boost/beast/websocket/stream.hpp>

namespace parlor::transport {

/// What of a session is Beast's: framing, UTF-8, fragments, control frames and
/// the closing handshake. Without deflate, so without its state.
struct ws_session::wire {
  wire(outbox& box, std::string early)
    : ws{outbox_stream{box, std::move(early)}} {}

  boost::beast::websocket::stream<outbox_stream, false> ws;
};

} // namespace parlor::transport
